// Build: a window that keeps the first turn.
import { Agent, type ChatClient, type HistoryProvider, type Message } from '@turnstream/core';

/** The stored messages that the model gets before the question. */
function firstAndLast(messages: readonly Message[]): readonly Message[] {
  return messages; // TODO
}

export function shortMemory(client: ChatClient, provider: HistoryProvider): Agent {
  return new Agent({ client, history: { provider, compact: firstAndLast } });
}
