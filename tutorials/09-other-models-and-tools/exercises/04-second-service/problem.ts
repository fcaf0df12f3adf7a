// Build: a client that asks a second service when the first is down.
import type { ChatClient } from '@turnstream/core';

export function withFallback(first: ChatClient, _second: ChatClient): ChatClient {
  return {
    async *send(request) {
      yield* first.send(request); // TODO: ask the second service when the first one cannot answer now
    },
  };
}
