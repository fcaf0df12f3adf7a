// Streams frames that do not depend on their reader, such as those of a background run: a reader that leaves stops nothing.
import type { FastifyReply } from 'fastify';
import { errorEvent } from '../events/error-event.ts';
import type { ErrorEvent } from '../events/wire.ts';
import { readerGone, SseWriter, writeLast } from '../sse/writer.ts';
import type { ServerContext } from './context.ts';

/** Sends the frames until their end. `failed` makes the last frame of a stream that ends early. */
export async function streamFrames(
  { stopping, endings, ceilings }: ServerContext,
  reply: FastifyReply,
  frames: (signal: AbortSignal) => AsyncIterable<string>,
  failed: (end: ErrorEvent) => string,
): Promise<void> {
  const gone = readerGone(reply.raw);
  reply.hijack();
  const sse = new SseWriter(reply.raw, { gone, stopping, headers: reply.getHeaders(), ...ceilings });
  using ending = endings.with(gone);
  try {
    for await (const frame of frames(ending.signal)) await sse.write(frame);
  } catch (error) {
    if (!gone.aborted) await writeLast((last) => sse.write(last), failed(errorEvent(error)));
  } finally {
    await sse.end();
  }
}
