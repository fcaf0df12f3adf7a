// One chat turn over HTTP, as the events of its answer: cold, single-use, and whole only with its last event.
import { AgentError } from '@turnstream/core';
import { leavable } from '@turnstream/core/seams';
import { type ApprovalAnswer } from './approval-answer.ts';
import { ask, type Connection } from './connection.ts';
import { errorFromEvent, parseEvent, type ReadEvent } from './parse-event.ts';
import { readFrames, truncated } from './read-frames.ts';

/** Options of `streamChat`: where the server is, and either a question or decisions about calls. */
export type ChatOptions = Connection &
  (Question | Decision) & {
    /** Aborting it closes the connection, which stops the answer, and throws the signal's own reason. */
    readonly signal?: AbortSignal | undefined;
  };

interface Question {
  readonly message: string;
  /** Without it, the server creates a session, and the first event has its id. */
  readonly sessionId?: string | undefined;
  /** For a conversation that the caller stores, instead of a session. */
  readonly history?: readonly { readonly role: 'user' | 'assistant'; readonly content: string }[] | undefined;
  readonly approvals?: undefined;
}

/** The answer to every `approval` event of a stream that ended with the status `awaiting_approval`. It counts once. */
interface Decision {
  readonly approvals: readonly ApprovalAnswer[];
  readonly sessionId: string;
  readonly message?: undefined;
  readonly history?: undefined;
}

/**
 * Asks `POST /chat/stream`. Nothing is sent before the first pull; `break` closes the connection, which stops the answer.
 *
 * Throws the code of the server's `error` event or refusal, `stream_truncated` for a stream without a last event,
 * `stream_malformed`, `not_a_stream`, `connection_failed`, or the signal's own reason; `stream_consumed` the second time.
 */
export function streamChat(options: ChatOptions): AsyncIterable<ReadEvent> {
  let isClaimed = false;
  return {
    [Symbol.asyncIterator]() {
      if (isClaimed)
        throw new AgentError('stream_consumed', 'This answer has already been iterated. Call streamChat() again.');
      isClaimed = true;
      const leaving = new AbortController();
      return leavable(chatEvents(options, leaving.signal), () => leaving.abort());
    },
  };
}

async function* chatEvents(options: ChatOptions, leaving: AbortSignal): AsyncGenerator<ReadEvent, undefined> {
  const { message, sessionId, history, approvals, signal: caller } = options;
  const signal = caller === undefined ? leaving : AbortSignal.any([caller, leaving]);
  const body = { message, sessionId, history, approvals };
  try {
    const response = await ask(options, '/chat/stream', { method: 'POST', body, signal });
    for await (const { event: name, data } of readFrames(response)) {
      caller?.throwIfAborted();
      const event = parseEvent(name, data);
      if (event === null) continue;
      if (event.type === 'error') throw errorFromEvent(event);
      yield event;
      if (event.type === 'done') return;
    }
  } catch (error) {
    caller?.throwIfAborted();
    throw error;
  }
  caller?.throwIfAborted();
  throw truncated();
}
