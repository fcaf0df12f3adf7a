// POST /v1/responses: serves the agent as a model that can keep conversations, and that can work in the background.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { typedFrame } from '../../../events/frame.ts';
import { named } from '../../../http/named.ts';
import type { OpenAIOptions } from '../../../options.ts';
import { runOptionsOf } from '../../../turn/asked-options.ts';
import type { ServerContext } from '../../../turn/context.ts';
import { openTurn, type TurnBody, takePlace } from '../../../turn/request.ts';
import { streamTurn } from '../../../turn/stream-turn.ts';
import { wholeTurn } from '../../../turn/whole-turn.ts';
import { folded } from '../../answer-fold.ts';
import { OpenAIRefusal } from '../refusal.ts';
import { modelName } from '../settings.ts';
import { type RunHead, runResponse, startRun } from './background.ts';
import { conversationRoutes } from './conversations.ts';
import { type Asked, type Continued, continued, readAsked } from './create.ts';
import { ResponseEvents } from './events.ts';
import { followResponse, RETRY_AFTER_SECONDS } from './follow.ts';
import { newResponseId, runResponseId } from './ids.ts';
import { withoutReferences } from './references.ts';
import { type ResponsesBody, responsesBody } from './request.ts';
import type { TargetSession } from './stored.ts';
import { storedResponseRoutes } from './stored-routes.ts';

export function responsesRoutes(served: ServerContext, options: OpenAIOptions): FastifyPluginAsyncZod {
  const model = modelName(options, served.agent.name);
  const limits = served.inputLimits('/v1/responses');
  return async function responsesPlugin(app) {
    const schema = { body: responsesBody };
    app.post('/v1/responses', { schema, bodyLimit: limits.maxBodyBytes }, async (request, reply) => {
      const { agentOwner: owner } = request;
      const body = await withoutReferences(request.body, served, owner, options);
      const asked = readAsked(body, served, options);
      if (body.background === true) refuseUnstored(body);
      using place = takePlace(served, owner);
      const before = await continued(served, owner, body, asked.input);
      const head = { model, previousId: before.previousId };
      if (body.background === true) return await answerLater(served, { request, reply }, asked, before, head);
      const { id, turnBody } = await toTurn(served, owner, body, asked, before);
      using turn = await openTurn(served, owner, { ...turnBody, refusesApprovals: true }, place);
      const events = new ResponseEvents({
        ...head,
        id,
        isStored: turn.session !== null,
        callerTools: asked.callerTools,
        showsOwnCalls: options.tools === 'shown',
      });
      const run = runOptionsOf(asked.options);
      if (body.stream === true) {
        await streamTurn(served, { request, reply, turn }, folded(turn, events, { frame: typedFrame }), run);
        return await turn.forgetIfEmpty(request.log);
      }
      const response = await wholeTurn(served, { request, reply, turn }, run);
      return events.whole(response.messages, response);
    });
    await app.register(named(storedResponseRoutes(served, options)));
    await app.register(named(conversationRoutes(served)));
  };
}

/** The answer to a request for work in the background: the run as it begins, or its events. */
async function answerLater(
  served: ServerContext,
  { request, reply }: { readonly request: FastifyRequest<{ Body: ResponsesBody }>; readonly reply: FastifyReply },
  asked: Asked,
  before: Continued,
  shared: Omit<RunHead, 'id'>,
): Promise<object | void> {
  const run = await startRun(served, request.agentOwner, asked, before);
  const head = { ...shared, id: runResponseId(run, before.conversationId) };
  if (request.body.stream === true) {
    return followResponse(served, reply, run, { head, after: -1 });
  }
  void reply.header('retry-after', RETRY_AFTER_SECONDS);
  return runResponse(run, [], head);
}

async function toTurn(
  served: ServerContext,
  owner: string,
  { store }: ResponsesBody,
  { input }: Asked,
  before: Continued,
): Promise<{ readonly id: string; readonly turnBody: TurnBody }> {
  if (store === false) {
    const history = [...before.messages, ...input.slice(0, -1)];
    return { id: newResponseId(null), turnBody: { history, message: input.slice(-1) } };
  }
  const { sessionId, copiedTurns } = (await before.target()) ?? (await newSession(served, owner));
  const id = newResponseId(before.conversationId ?? sessionId);
  // The id finds the turn again.
  const message = input.map((each, index) => (index === input.length - 1 ? { ...each, messageId: id } : each));
  return { id, turnBody: { message, sessionId, isNewSession: copiedTurns !== null, copiedTurns: copiedTurns ?? 0 } };
}

async function newSession({ store, ceilings }: ServerContext, owner: string): Promise<TargetSession> {
  const { sessionId } = await store.runs.createSession({ owner, maxSessions: ceilings.sessionsPerUser });
  return { sessionId, copiedTurns: 0 };
}

function refuseUnstored({ store }: ResponsesBody): void {
  if (store !== false) return;
  throw new OpenAIRefusal('invalid_value', 'store', 'A response in the background is stored. Leave store out.');
}
