// POST /v1/responses: serves the agent as a model that can keep conversations. GET returns a stored response.
import type { Message } from '@turnstream/core';
import { callsOf, resultsOf } from '@turnstream/core/seams';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { typedFrame } from '../../../events/frame.ts';
import type { OpenAIOptions } from '../../../options.ts';
import type { ServerContext } from '../../../turn/context.ts';
import { openTurn, type TurnBody, takePlace } from '../../../turn/request.ts';
import { streamTurn } from '../../../turn/stream-turn.ts';
import { wholeTurn } from '../../../turn/whole-turn.ts';
import { folded } from '../../answer-fold.ts';
import { checkLength } from '../length.ts';
import { OpenAIRefusal } from '../refusal.ts';
import { modelName, refuseOtherModel, refuseOthers, runOptions } from '../settings.ts';
import { ResponseEvents, refuseApprovals } from './events.ts';
import { inputMessages, RESPONSES_MEMBERS, type ResponsesBody, responsesBody, responsesSettings } from './request.ts';
import { newResponseId, type StoredResponse, sessionAfter, storedResponse } from './stored.ts';

export function responsesRoutes(served: ServerContext, options: OpenAIOptions): FastifyPluginAsyncZod {
  const model = modelName(options, served.agent.name);
  const limits = served.inputLimits('/v1/responses');
  return async (app) => {
    const schema = { body: responsesBody };
    app.post('/v1/responses', { schema, bodyLimit: limits.maxBodyBytes }, async (request, reply) => {
      const { body, owner } = request;
      refuseOtherModel(body.model, model);
      refuseOthers(body, RESPONSES_MEMBERS);
      const settings = responsesSettings(body);
      const run = runOptions(settings, served.toolNames, options);
      const input = inputMessages(body);
      for (const message of input.slice(-1)) checkLength(message, limits, 'input');
      using place = takePlace(served, owner);
      const { id, asked } = await turnBody(served, owner, body, input);
      using turn = await openTurn(served, owner, asked, place);
      const callerTools = new Set(settings.tools.map(({ name }) => name));
      const previousId = body.previous_response_id ?? null;
      const events = new ResponseEvents({ id, model, previousId, isStored: turn.session !== null, callerTools });
      if (body.stream === true) {
        await streamTurn(served, { request, reply, turn }, folded(turn, events, { frame: typedFrame }), run);
        // The stream has ended, so only the log can report a database failure.
        await turn.forgetIfEmpty().catch((err: unknown) => request.log.warn({ err }, 'empty session not deleted'));
        return reply;
      }
      const response = await wholeTurn(served, { request, reply, turn }, run, refuseApprovals);
      return events.whole(response.messages, response);
    });

    const reading = { schema: { params: z.object({ id: z.string().max(300) }) } };
    app.get('/v1/responses/:id', reading, async ({ owner, params: { id } }) => {
      const { turns } = await storedResponse(served, owner, id, ['not_found', 'id']);
      return readAgain(turns.at(-1) ?? [], { id, model, previousId: null, isStored: true });
    });
  };
}

/** The response object of a stored turn, without its token usage. */
function readAgain(
  turn: readonly Message[],
  head: Omit<ConstructorParameters<typeof ResponseEvents>[0], 'callerTools'>,
): object {
  const done = new Set(turn.flatMap(resultsOf).map(({ callId }) => callId));
  const callerTools = new Set(
    turn
      .flatMap(callsOf)
      .filter(({ callId }) => !done.has(callId))
      .map(({ name }) => name),
  );
  const status = turn.at(-1)?.status === undefined ? 'completed' : 'incomplete';
  return new ResponseEvents({ ...head, callerTools }).whole(turn, { status, finishReason: null, usage: null });
}

interface Begun {
  readonly id: string;
  readonly asked: TurnBody;
}

async function turnBody(
  served: ServerContext,
  owner: string,
  { store, previous_response_id: previousId }: ResponsesBody,
  input: readonly Message[],
): Promise<Begun> {
  const previous =
    previousId == null
      ? null
      : await storedResponse(served, owner, previousId, ['previous_response_not_found', 'previous_response_id']);
  refuseStrayOutputs(input, previous);
  if (store === false) {
    const history = [...(previous?.turns.flat() ?? []), ...input.slice(0, -1)];
    return { id: newResponseId(null), asked: { history, message: input.slice(-1) } };
  }
  const sessionId = previous === null ? await newSession(served, owner) : await sessionAfter(served, owner, previous);
  const id = newResponseId(sessionId);
  // The id finds the turn again.
  const message = input.map((each, index) => (index === input.length - 1 ? { ...each, messageId: id } : each));
  return { id, asked: { message, sessionId, isNewSession: previous === null } };
}

async function newSession({ store, ceilings }: ServerContext, owner: string): Promise<string> {
  return (await store.runs.createSession({ owner, maxSessions: ceilings.sessionsPerUser })).sessionId;
}

function refuseStrayOutputs(input: readonly Message[], previous: StoredResponse | null): void {
  const calls = new Set([...(previous?.turns.flat() ?? []), ...input].flatMap(callsOf).map(({ callId }) => callId));
  if (input.flatMap(resultsOf).every(({ callId }) => calls.has(callId))) return;
  throw new OpenAIRefusal('invalid_value', 'input', 'An output does not belong to any call in this conversation.');
}
