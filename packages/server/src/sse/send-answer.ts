// An answer on a response of Node's HTTP server, which is what Express, Koa and Next's API routes use.
import type { ServerResponse } from 'node:http';
import { errorEvent } from '../events/error-event.ts';
import { frame } from '../events/frame.ts';
import type { ServerEvent } from '../events/wire.ts';
import { type AnswerStream, answerEvents } from './answer-events.ts';
import { DEFAULT_STREAM, type StreamOptions } from './defaults.ts';
import { readerGone, SseWriter } from './writer.ts';

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
  gone.addEventListener('abort', () => void stream.cancel(), { once: true });
  const sse = new SseWriter(response, { gone, stopping: NEVER, ...DEFAULT_STREAM, ...times });
  let id = 0;
  const write = (event: ServerEvent): Promise<void> => sse.write(frame(String(++id), event));
  try {
    for await (const event of answerEvents(stream, sessionId)) await write(event);
  } catch (error) {
    if (gone.aborted) return;
    onError(error);
    await write(errorEvent(error)).catch(() => {});
  } finally {
    await sse.end();
  }
}
