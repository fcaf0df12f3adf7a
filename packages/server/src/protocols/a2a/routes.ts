// Serves the agent over A2A 1.0, HTTP+JSON: the card, messages, tasks, and what this server refuses of the protocol.
import { AgentError } from '@turnstream/core';
import type { FastifyInstance } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { type ErrorBody, shapeErrors } from '../../http/errors.ts';
import { named } from '../../http/named.ts';
import { addJson } from '../../http/request-body.ts';
import type { A2AOptions } from '../../options.ts';
import type { ServerContext } from '../../turn/context.ts';
import { isArticle } from './article.ts';
import { agentCard, etagOf } from './card.ts';
import { LiveTasks } from './live-tasks.ts';
import { messageRoutes } from './messages.ts';
import { A2ARefusal, errorBody } from './refusal.ts';
import { noPush } from './request.ts';
import { taskRoutes } from './tasks.ts';
import { checkVersion } from './version.ts';

const A2A_TYPE = 'application/a2a+json';

export function a2aRoutes(served: ServerContext, options: A2AOptions): FastifyPluginAsyncZod {
  const { url } = options;
  if (url !== undefined && URL.parse(url) === null) {
    throw new AgentError(
      'config_invalid',
      `a2a.url is ${JSON.stringify(url)}; write the whole address, as in "https://example.com/support".`,
    );
  }
  return async function a2aPlugin(app) {
    addCard(app, options, served.agent.name);
    const a2aMethods: FastifyPluginAsyncZod = async (scope) => {
      shapeErrors(scope, bodyOf);
      addJson(scope, A2A_TYPE);
      scope.addHook('preValidation', async (request) => {
        if (!isArticle(request.body)) checkVersion(request);
      });
      scope.addHook('onSend', async (request, reply) => {
        if (!isArticle(request.body)) void reply.type(A2A_TYPE);
      });
      const places = { served, options, live: new LiveTasks() };
      await scope.register(named(messageRoutes(places)));
      await scope.register(named(taskRoutes(places)));
      addRefusals(scope);
    };
    await app.register(named(a2aMethods));
  };
}

const bodyOf: ErrorBody = (problem, requestId, error, request) =>
  isArticle(request.body) ? { error: problem.message } : errorBody(problem, requestId, error);

function addCard(app: FastifyInstance, options: A2AOptions, name: string | null): void {
  app.get('/.well-known/agent-card.json', { config: { isPublic: true } }, async (request, reply) => {
    const url = options.url ?? `${request.protocol}://${request.host}${app.prefix}`;
    const card = agentCard(options, { name, url });
    const etag = etagOf(card);
    void reply.headers({ 'cache-control': 'public, max-age=300', etag });
    return request.headers['if-none-match'] === etag ? reply.code(304).send() : card;
  });
}

function addRefusals(app: FastifyInstance): void {
  const configs = '/tasks/:id/pushNotificationConfigs';
  const refusePush = async (): Promise<never> => {
    throw noPush();
  };
  app.route({ method: ['GET', 'POST'], url: configs, handler: refusePush });
  app.route({ method: ['GET', 'DELETE'], url: `${configs}/:configId`, handler: refusePush });
  app.get('/extendedAgentCard', async () => {
    throw new A2ARefusal('UNSUPPORTED_OPERATION', 'This agent has one card, at /.well-known/agent-card.json.');
  });
}
