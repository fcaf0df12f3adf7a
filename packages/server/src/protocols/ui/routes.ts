// POST /chat/ui: serves the agent to `useChat` and other clients of the AI SDK's UI message stream.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { type ErrorBody, ownBody, shapeErrors } from '../../http/errors.ts';
import { named } from '../../http/named.ts';
import type { UiOptions } from '../../options.ts';
import type { ServerContext } from '../../turn/context.ts';
import { LiveAnswers } from '../../turn/live-answer.ts';
import { openTurn, takePlace } from '../../turn/request.ts';
import { streamLive } from '../../turn/stream-live.ts';
import { streamTurn } from '../../turn/stream-turn.ts';
import { folded } from '../answer-fold.ts';
import { takeBack } from '../take-back.ts';
import { chunksOf, UiChunks } from './chunks.ts';
import { framing } from './framing.ts';
import { readUi, uiBody } from './request.ts';
import { resumeRoutes } from './resume-routes.ts';
import { uiTurn } from './turn.ts';

export function uiRoutes(served: ServerContext, options: UiOptions): FastifyPluginAsyncZod {
  const answers = options.resume === true ? new LiveAnswers() : null;
  return async function uiPlugin(app) {
    shapeErrors(app, refusal);
    const limits = served.inputLimits('/chat/ui');
    app.post('/chat/ui', { schema: { body: uiBody }, bodyLimit: limits.maxBodyBytes }, async (request, reply) => {
      const { body, agentOwner: owner } = request;
      const asked = readUi(body, options, limits, served);
      using place = takePlace(served, owner);
      const { turnBody, continues } = await uiTurn(served, owner, body.id, asked);
      using turn = await openTurn(served, owner, turnBody, place);
      if (asked.kind === 'in session' && asked.replaces !== null) await takeBack(served, turn, asked.replaces);
      const { answered, session } = turn;
      const messageId = asked.continued ?? crypto.randomUUID();
      const fold = new UiChunks({ sessionId: session?.sessionId ?? null, messageId, answered });
      const protocol = folded(turn, fold, framing);
      // The page still shows a stopped answer, so the history keeps it too.
      const run = { tools: served.clientTools, onIncomplete: 'keep' } as const;
      if (answers === null) return await streamTurn(served, { request, reply, turn }, protocol, run);
      const before = chunksOf(continues).map(framing.frame).join('');
      await streamLive(served, { request, reply, turn }, protocol, run, { answers, name: body.id, before });
    });
    await app.register(named(resumeRoutes(served, answers)));
  };
}

/** With its own transport `useChat` shows the body of a refusal as it is. Our transport asks for the code too. */
const refusal: ErrorBody = (problem, requestId, error, request) =>
  request.headers.accept?.includes('application/json') === true
    ? ownBody(problem, requestId, error, request)
    : problem.message;
