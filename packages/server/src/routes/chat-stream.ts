// POST /chat/stream: the answer while it comes. Whatever ends the stream early closes the model's connection.
import type { ResponseStream } from '@turnstream/core';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { errorEvent } from '../events/error-event.ts';
import { SentEvents } from '../events/sent-events.ts';
import type { ServerEvent } from '../events/wire.ts';
import { problems } from '../http/schemas.ts';
import { ReaderGone, readerGone, SseWriter } from '../http/sse-writer.ts';
import type { ServerContext } from '../turn/context.ts';
import { openTurn, turnBodyOf } from '../turn/request.ts';

export function chatStreamRoute(served: ServerContext): FastifyPluginAsyncZod {
  return async (app) => {
    const inputLimits = served.inputLimits('/chat/stream');
    const schema = { body: turnBodyOf(inputLimits), response: problems };
    app.post('/chat/stream', { schema, bodyLimit: inputLimits.maxBodyBytes }, async (request, reply) => {
      using turn = await openTurn(served, request.owner, request.body);
      const gone = readerGone(reply);
      const { input, session } = turn;
      const { agent, stopping, guards: limits, ceilings } = served;
      const signal = AbortSignal.any([gone, stopping]);
      const stream = agent.runStreaming(input, { session: session ?? undefined, signal, limits });
      const sse = new SseWriter(reply, { gone, stopping, ...ceilings });
      let id = 0;
      const write = (event: ServerEvent): Promise<void> => sse.write(String(++id), event);
      try {
        await write({ type: 'session', sessionId: session?.sessionId ?? null, runId: null, mode: 'replace' });
        await writeAnswer(stream, write);
        request.log.info({ sessionId: session?.sessionId, events: id }, 'stream done');
      } catch (error) {
        const end = errorEvent(error);
        request.log.info(
          { sessionId: session?.sessionId, events: id, ...endedBy(error, end.code) },
          'stream ended early',
        );
        if (!gone.aborted) await write(end).catch(() => {});
      } finally {
        sse.end();
      }
    });
  };
}

/** The turn is in the history before `done` is sent: who has read that can ask on. */
async function writeAnswer(stream: ResponseStream, write: (event: ServerEvent) => Promise<void>): Promise<void> {
  const sent = new SentEvents();
  for await (const { text, contents } of stream) {
    for (const event of [...sent.text(text), ...sent.tools(contents)]) await write(event);
  }
  const { status, finishReason, usage } = await stream.finalResponse();
  await write({ type: 'done', status: status === 'incomplete' ? status : 'completed', finishReason, usage });
}

function endedBy(error: unknown, code: string): object {
  return { by: error instanceof ReaderGone ? 'reader' : code };
}
