// Shortens a conversation that has become too long for the model, and retries once.
import { AgentError } from '../errors.ts';
import type { Compact } from '../history/compaction/compaction.ts';
import type { Message } from '../message/message.ts';
import type { ChatUpdate } from '../model/update.ts';
import { AgentSession } from '../session/session.ts';
import type { Middleware } from './middleware.ts';

/**
 * Retries a model call that failed with `context_length`, once, with the messages that `compact` returns. The stored
 * history does not change. Not for `history: 'service'`, whose messages are at the service.
 */
export function compactOnOverflow(compact: Compact): Middleware {
  return {
    async *model(call, next): AsyncGenerator<ChatUpdate, undefined> {
      let hasBegun = false;
      try {
        for await (const update of next()) {
          hasBegun = true;
          yield update;
        }
      } catch (error) {
        const { request, run } = call;
        const isTooLong = error instanceof AgentError && error.code === 'context_length';
        if (!isTooLong || hasBegun || request.conversation !== undefined) throw error;
        const session = run.session ?? new AgentSession();
        const messages = await compact(request.messages, { session });
        if (areSame(messages, request.messages)) throw error;
        yield* next({ ...call, request: { ...request, messages } });
      }
    },
  };
}

/** Compares by identity: a strategy that shortens messages keeps their number and replaces the ones it changes. */
function areSame(left: readonly Message[], right: readonly Message[]): boolean {
  return left.length === right.length && left.every((message, index) => message === right[index]);
}
