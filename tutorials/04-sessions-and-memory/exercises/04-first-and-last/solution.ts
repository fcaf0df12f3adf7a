// Sends up to three turns unchanged; of more, the first and the last two.
import { Agent, type ChatClient, type HistoryProvider, type Message } from '@turnstream/core';

/** The stored messages that the model gets before the question. */
function firstAndLast(messages: readonly Message[]): readonly Message[] {
  if (messages.length <= 6) return messages;
  return [...messages.slice(0, 2), ...messages.slice(-4)];
}

export function shortMemory(client: ChatClient, provider: HistoryProvider): Agent {
  return new Agent({ client, history: { provider, compact: firstAndLast } });
}
