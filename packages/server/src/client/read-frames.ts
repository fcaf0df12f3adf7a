// The frames of one response, while they come, however the network cuts them.
import { AgentError } from '@turnstream/core';
import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** The longest accepted frame, in UTF-16 code units. A typical update has a few hundred. */
const MAX_FRAME_CHARS = 16 * 1024 * 1024;

/**
 * Ends where the body ends. Rejects with `stream_truncated` when it breaks, `not_a_stream` for any other body, and
 * `stream_malformed` for a frame of more than 16 Mi characters.
 */
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
  const parser = createParser({
    maxBufferSize: MAX_FRAME_CHARS,
    onEvent: (frame) => frames.push(frame),
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded') throw tooLong();
    },
  });
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

function tooLong(): AgentError {
  return new AgentError('stream_malformed', `The stream has a frame of more than ${MAX_FRAME_CHARS} characters.`);
}

export function truncated(cause?: unknown): AgentError {
  const message = 'The stream broke off before its end. What came may be half an answer: ask again.';
  return new AgentError('stream_truncated', message, cause === undefined ? {} : { cause });
}
