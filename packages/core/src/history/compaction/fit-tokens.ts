// A token budget: as many of the last turns as fit.
import { AgentError } from '../../errors.ts';
import type { Message } from '../../message/message.ts';
import { type Compact, turnsOf } from './compaction.ts';

/** Options of `fitTokens`. */
export interface TokenBudget {
  /** The most tokens the history may take, not counting the new question. */
  readonly maxTokens: number;
  /** Counts the tokens of a message. Left out, four characters of its JSON count as one, which is close for English. */
  readonly countTokens?: ((message: Message) => number) | undefined;
}

/** Sends as many of the last turns as fit the budget. The very last turn is sent even if it alone does not fit. */
export function fitTokens({ maxTokens, countTokens = estimate }: TokenBudget): Compact {
  if (!(maxTokens >= 1)) {
    throw new AgentError('config_invalid', `maxTokens is ${String(maxTokens)}; it must be at least 1.`);
  }
  return (messages) => {
    const turns = turnsOf(messages);
    let left = maxTokens;
    let first = turns.length;
    for (const turn of turns.toReversed()) {
      left -= turn.reduce((sum, message) => sum + countTokens(message), 0);
      if (left < 0 && first < turns.length) break;
      first -= 1;
      if (left < 0) break;
    }
    return turns.slice(first).flat();
  };
}

const CHARS_PER_TOKEN = 4;

function estimate(message: Message): number {
  return Math.ceil(JSON.stringify(message.contents).length / CHARS_PER_TOKEN);
}
