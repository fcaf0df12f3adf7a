// Serves the agent to clients of OpenAI's APIs, as the only model in the list.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { AnswerFailed, shapeErrors } from '../../http/errors.ts';
import { named } from '../../http/named.ts';
import type { OpenAIOptions } from '../../options.ts';
import type { ServerContext } from '../../turn/context.ts';
import { chatCompletionsRoute } from './chat/route.ts';
import { errorBody } from './refusal.ts';
import { responsesRoutes } from './responses/routes.ts';
import { modelName } from './settings.ts';

export function openaiRoutes(served: ServerContext, options: OpenAIOptions): FastifyPluginAsyncZod {
  return async function openaiPlugin(app) {
    shapeErrors(app, errorBody);
    app.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id));
    app.addHook('onError', async (_request, reply, error) => {
      // OpenAI's clients retry by default, which would run the agent's tools again.
      if (error instanceof AnswerFailed) void reply.header('x-should-retry', 'false');
    });
    const model = { id: modelName(options, served.agent.name), object: 'model', created: 0, owned_by: 'turnstream' };
    app.get('/v1/models', async () => ({ object: 'list', data: [model] }));
    await app.register(named(chatCompletionsRoute(served, options)));
    await app.register(named(responsesRoutes(served, options)));
  };
}
