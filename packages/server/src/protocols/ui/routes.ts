// POST /chat/ui: serves the agent to `useChat` and other clients of the AI SDK's UI message stream.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { DONE_FRAME, dataFrame } from '../../events/frame.ts';
import { shapeErrors } from '../../http/errors.ts';
import type { UiOptions } from '../../options.ts';
import type { ServerContext } from '../../turn/context.ts';
import { namedSession } from '../../turn/named-session.ts';
import { openTurn, sessionId, type TurnBody, takePlace } from '../../turn/request.ts';
import { streamTurn } from '../../turn/stream-turn.ts';
import { folded } from '../answer-fold.ts';
import { takeBack } from '../take-back.ts';
import { UiChunks } from './chunks.ts';
import { readUi, toAnswers, type UiAsked, uiBody } from './request.ts';

const framing = {
  headers: { 'x-vercel-ai-ui-message-stream': 'v1' },
  frame: dataFrame,
  last: DONE_FRAME,
} as const;

export function uiRoutes(served: ServerContext, options: UiOptions): FastifyPluginAsyncZod {
  return async (app) => {
    // `useChat` shows the body of a refusal as it is.
    shapeErrors(app, ({ message }) => message);
    const limits = served.inputLimits('/chat/ui');
    app.post('/chat/ui', { schema: { body: uiBody }, bodyLimit: limits.maxBodyBytes }, async (request, reply) => {
      const asked = readUi(request.body, options, limits);
      const { owner } = request;
      using place = takePlace(served, owner);
      using turn = await openTurn(served, owner, await turnBody(served, owner, request.body.id, asked), place);
      if (asked.kind === 'in session' && asked.replaces !== null) await takeBack(served, turn, asked.replaces);
      const fold = new UiChunks(turn.session?.sessionId ?? null, turn.answered);
      // The page still shows a stopped answer, so the history keeps it too.
      await streamTurn(served, { request, reply, turn }, folded(turn, fold, framing), { onIncomplete: 'keep' });
    });

    // An answer ends with its connection, so there is nothing to resume.
    const resuming = { schema: { params: z.object({ id: sessionId }) }, exposeHeadRoute: false };
    app.get('/chat/ui/:id/stream', resuming, async (_request, reply) => reply.code(204).send(null));
  };
}

async function turnBody(served: ServerContext, owner: string, chat: string, asked: UiAsked): Promise<TurnBody> {
  if (asked.kind === 'alone') return { message: asked.message, history: asked.history };
  const session = await namedSession(served, owner, chat);
  if (asked.kind === 'in session') return { message: asked.message, sessionId: session };
  const waiting = await served.store.runs.approvals(session, { owner });
  return { approvals: toAnswers(asked.parts, waiting), sessionId: session };
}
