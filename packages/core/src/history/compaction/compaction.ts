// Sends less of a long history: strategies for the `compact` of a history window. The stored history stays complete.
import { AgentError } from '../../errors.ts';
import type { Message } from '../../message/message.ts';
import type { AgentSession } from '../../session/session.ts';

/** Turns the messages that were read into the messages to send. */
export type Compact = (
  messages: readonly Message[],
  context: { readonly session: AgentSession },
) => readonly Message[] | Promise<readonly Message[]>;

/** Applies the strategies in order, each to the result of the one before. */
export function compactInOrder(...strategies: readonly Compact[]): Compact {
  return async (messages, context) => {
    let left = messages;
    for (const compact of strategies) left = await compact(left, context);
    return left;
  };
}

/** Sends only the last turns. Throws `config_invalid` for a count that is not a whole number of at least 1. */
export function keepLastTurns(count: number): Compact {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new AgentError(
      'config_invalid',
      `keepLastTurns() got ${String(count)}; the count must be a whole number of at least 1.`,
    );
  }
  return (messages) => turnsOf(messages).slice(-count).flat();
}

/**
 * The messages grouped into turns: a question, which may be several messages, and everything until the next one. A turn
 * is never split by a strategy, so the calls of a batch stay with their results.
 */
export function turnsOf(messages: readonly Message[]): readonly (readonly Message[])[] {
  const turns: Message[][] = [];
  for (const [index, message] of messages.entries()) {
    const before = messages[index - 1];
    const isFirst = before === undefined || (isQuestion(message) && !isQuestion(before));
    if (isFirst) turns.push([message]);
    else turns.at(-1)?.push(message);
  }
  return turns;
}

function isQuestion({ role }: Message): boolean {
  return role !== 'assistant' && role !== 'tool';
}
