// Tool results are usually the longest part of a history, and the first to become outdated.
import { contentsOf, type Message } from '../../message/message.ts';
import { type Compact, turnsOf } from './compaction.ts';

const DROPPED = '[The result is no longer shown.]';

/** Drops tool results from all but the last turns. The calls stay, each with a note in place of its result. */
export function dropToolResults({ keepTurns = 1 }: { readonly keepTurns?: number | undefined } = {}): Compact {
  return (messages) => {
    const turns = turnsOf(messages);
    const kept = Math.max(0, turns.length - keepTurns);
    return turns.flatMap((turn, index) => (index < kept ? turn.map(withoutResults) : turn));
  };
}

function withoutResults(message: Message): Message {
  if (message.role !== 'tool') return message;
  const contents = contentsOf(message).map((content) => {
    if (content.type !== 'function_result') return content;
    const { items: _items, ...result } = content;
    return { ...result, result: DROPPED };
  });
  return { ...message, contents };
}
