// POST /chat/ui: serves the agent to `useChat` and other clients of the AI SDK's UI message stream.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { DONE_FRAME, dataFrame } from '../../events/frame.ts';
import { type ErrorBody, ownBody, shapeErrors } from '../../http/errors.ts';
import type { UiOptions } from '../../options.ts';
import type { ServerContext } from '../../turn/context.ts';
import { LiveAnswers } from '../../turn/live-answer.ts';
import { openTurn, sessionId, takePlace } from '../../turn/request.ts';
import { streamAnswer, streamLive } from '../../turn/stream-live.ts';
import { streamTurn } from '../../turn/stream-turn.ts';
import { folded } from '../answer-fold.ts';
import { takeBack } from '../take-back.ts';
import { UiChunks } from './chunks.ts';
import { readUi, uiBody } from './request.ts';
import { uiTurn } from './turn.ts';

const framing = {
  headers: { 'x-vercel-ai-ui-message-stream': 'v1' },
  frame: dataFrame,
  last: DONE_FRAME,
} as const;

export function uiRoutes(served: ServerContext, options: UiOptions): FastifyPluginAsyncZod {
  const answers = new LiveAnswers();
  return async function uiPlugin(app) {
    shapeErrors(app, refusal);
    const limits = served.inputLimits('/chat/ui');
    app.post('/chat/ui', { schema: { body: uiBody }, bodyLimit: limits.maxBodyBytes }, async (request, reply) => {
      const { body, owner } = request;
      const asked = readUi(body, options, limits);
      using place = takePlace(served, owner);
      using turn = await openTurn(served, owner, await uiTurn(served, owner, body.id, asked), place);
      if (asked.kind === 'in session' && asked.replaces !== null) await takeBack(served, turn, asked.replaces);
      const protocol = folded(turn, new UiChunks(turn.session?.sessionId ?? null, turn.answered), framing);
      // The page still shows a stopped answer, so the history keeps it too.
      const run = { tools: served.clientTools, onIncomplete: 'keep' } as const;
      if (options.resume !== true) await streamTurn(served, { request, reply, turn }, protocol, run);
      else await streamLive(served, { request, reply, turn }, protocol, run, { answers, name: body.id });
    });

    const ofChat = { schema: { params: z.object({ id: sessionId }) } };
    app.get('/chat/ui/:id/stream', { ...ofChat, exposeHeadRoute: false }, async ({ owner, params: { id } }, reply) => {
      const answer = answers.find(owner, id);
      if (answer === null) return reply.code(204).send(null);
      using _place = takePlace(served, owner);
      const failed = (end: Parameters<UiChunks['failed']>[0]): string =>
        new UiChunks(null, []).failed(end).map(dataFrame).join('');
      await streamAnswer(served, reply, { headers: framing.headers, failed }, answer);
    });
    if (options.resume !== true) return;
    app.post('/chat/ui/:id/stop', ofChat, async ({ owner, params: { id } }, reply) => {
      await answers.find(owner, id)?.stop();
      return reply.code(204).send(null);
    });
  };
}

/** With its own transport `useChat` shows the body of a refusal as it is. Our transport asks for the code too. */
const refusal: ErrorBody = (problem, requestId, error, request) =>
  request.headers.accept?.includes('application/json') === true
    ? ownBody(problem, requestId, error, request)
    : problem.message;
