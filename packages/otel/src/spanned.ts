// Updates under a span: the span is active while waiting for an update, and ends after the last one, however the stream
// ends.
import { type Context, context } from '@opentelemetry/api';
import { AgentError, type AgentResponseUpdate } from '@turnstream/core';

/** How an answer ended. A failed one has its cause. */
export type Ending = 'completed' | 'cancelled' | { readonly cause: unknown };

export interface SpanWatcher {
  update(update: AgentResponseUpdate): void;
  /** Called once. */
  end(ending: Ending): void;
}

/**
 * Not a generator, because a generator runs in the context of its consumer and cannot be closed while it waits.
 * `signal` is the run's: a cancelled run has no error.
 */
export function spanned<Update extends AgentResponseUpdate>(
  open: () => AsyncIterable<Update>,
  spanContext: Context,
  watcher: SpanWatcher,
  signal: AbortSignal,
): AsyncIterable<Update> {
  return {
    [Symbol.asyncIterator]() {
      let hasEnded = false;
      const end = (ending: Ending): void => {
        if (hasEnded) return;
        hasEnded = true;
        watcher.end(ending);
      };
      const failed = (error: unknown): void => end(signal.aborted ? reasonOf(signal) : { cause: error });
      const updates = opened(open, spanContext, failed);
      return {
        async next() {
          try {
            const result = await context.with(spanContext, () => updates.next());
            if (result.done === true) end('completed');
            else watcher.update(result.value);
            return result;
          } catch (error) {
            failed(error);
            throw error;
          }
        },
        async return() {
          end(signal.aborted ? reasonOf(signal) : 'cancelled');
          await context.with(spanContext, async () => updates.return?.());
          return { done: true, value: undefined };
        },
      };
    },
  };
}

/** A middleware after this one may throw before it gives any update. */
function opened<Update>(
  open: () => AsyncIterable<Update>,
  spanContext: Context,
  failed: (error: unknown) => void,
): AsyncIterator<Update> {
  try {
    return context.with(spanContext, () => open()[Symbol.asyncIterator]());
  } catch (error) {
    failed(error);
    throw error;
  }
}

/** A limit or a failure ended the run; anything else that aborts it, such as the caller's signal, is a cancellation. */
function reasonOf({ reason }: AbortSignal): Ending {
  return reason instanceof AgentError ? { cause: reason } : 'cancelled';
}
