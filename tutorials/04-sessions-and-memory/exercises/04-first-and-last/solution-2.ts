// By position: everything that is neither at the beginning nor at the end is left out.
import { Agent, type ChatClient, type HistoryProvider } from '@turnstream/core';

export function shortMemory(client: ChatClient, provider: HistoryProvider): Agent {
  return new Agent({
    client,
    history: {
      provider,
      compact: (messages) => messages.filter((_, place) => place < 2 || place >= messages.length - 4),
    },
  });
}
