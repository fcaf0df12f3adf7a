// An answer on a response of Node's HTTP server, which is what Express, Koa and Next's API routes use.
import type { ServerResponse } from 'node:http';
import { errorEvent } from '../events/error-event.ts';
import { frame } from '../events/frame.ts';
import { SentEvents } from '../events/sent-events.ts';
import type { ServerEvent } from '../events/wire.ts';
import { type AnswerStream, sendEvents } from './answer-events.ts';
import { DEFAULT_STREAM, type StreamOptions } from './defaults.ts';
import type { Room } from './each-update.ts';
import { readerGone, SseWriter, writeLast } from './writer.ts';

const NEVER = new AbortController().signal;

/**
 * Answers with the stream as server-sent events and resolves when the response has ended. If the reader disconnects, or
 * reads nothing for `stalledReaderMs`, the model's connection is closed. A failure does not reject: it becomes the final
 * `error` event and is passed to `onError` for the log. Set limits on the run; `DEFAULT_GUARDS` suit a chat.
 */
export async function sendAnswer(
  response: ServerResponse,
  stream: AnswerStream,
  { sessionId = null, onError = () => {}, ...times }: StreamOptions = {},
): Promise<void> {
  const gone = readerGone(response);
  gone.addEventListener('abort', () => void stream.cancel());
  const sse = new SseWriter(response, { gone, stopping: NEVER, ...DEFAULT_STREAM, ...times });
  let id = 0;
  const send = (event: ServerEvent): Room => sse.write(frame(String(++id), event));
  try {
    await sendEvents(stream, { sessionId, sent: new SentEvents(), expiresAtMs: () => null, send });
  } catch (error) {
    if (gone.aborted) return;
    onError(error);
    await writeLast((last) => sse.write(last), frame(String(++id), errorEvent(error)));
  } finally {
    await sse.end();
  }
}
