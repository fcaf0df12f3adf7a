// GET /chat/ui/:id/stream replays a running answer, POST /chat/ui/:id/stop ends it.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { dataFrame } from '../../events/frame.ts';
import type { ServerContext } from '../../turn/context.ts';
import type { LiveAnswers } from '../../turn/live-answer.ts';
import { sessionId, takePlace } from '../../turn/request.ts';
import { streamFrames } from '../../turn/stream-frames.ts';
import { errorChunk } from './chunks.ts';
import { framing } from './framing.ts';

const ofChat = { schema: { params: z.object({ id: sessionId }) } };

/** Where no answer outlives its reader, there is never one to resume. */
export function resumeRoutes(served: ServerContext, answers: LiveAnswers | null): FastifyPluginAsyncZod {
  return async function uiResumePlugin(app) {
    app.get('/chat/ui/:id/stream', { ...ofChat, exposeHeadRoute: false }, async (request, reply) => {
      const { agentOwner: owner } = request;
      const answer = answers?.find(owner, request.params.id) ?? null;
      if (answer === null) return reply.code(204).send(null);
      using _place = takePlace(served, owner);
      void reply.headers(framing.headers);
      await streamFrames(
        served,
        reply,
        (gone) => answer.replay(gone),
        (end) => dataFrame(errorChunk(end)),
      );
    });
    if (answers === null) return;
    app.post('/chat/ui/:id/stop', ofChat, async ({ agentOwner: owner, params: { id } }, reply) => {
      await answers.find(owner, id)?.stop();
      return reply.code(204).send(null);
    });
  };
}
