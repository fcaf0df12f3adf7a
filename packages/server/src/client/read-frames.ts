// The frames of one response, while they come, however the network cuts them.
import { AgentError } from '@turnstream/core';
import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** Ends where the body ends. Rejects with `stream_truncated` when it breaks, `not_a_stream` for another body. */
export async function* readFrames(response: Response): AsyncGenerator<EventSourceMessage, undefined> {
  const { body } = response;
  if (body === null || response.headers.get('content-type')?.startsWith('text/event-stream') !== true) {
    await body?.cancel();
    throw new AgentError(
      'not_a_stream',
      'The server answered with something other than a stream. Is the address right?',
    );
  }
  const frames: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (frame) => frames.push(frame) });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await pull(reader);
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      yield* frames.splice(0);
    }
  } finally {
    // Closes the connection when the reader leaves early; what it says then is of no interest.
    reader.cancel().catch(() => {});
  }
}

async function pull(reader: ReadableStreamDefaultReader<Uint8Array>): ReturnType<typeof reader.read> {
  try {
    return await reader.read();
  } catch (cause) {
    throw truncated(cause);
  }
}

export function truncated(cause?: unknown): AgentError {
  const message = 'The stream broke off before its end. What came may be half an answer: ask again.';
  return new AgentError('stream_truncated', message, cause === undefined ? {} : { cause });
}
