// The second service is asked only while nothing has arrived, and only when another try can help.
import { AgentError, type ChatClient } from '@turnstream/core';

export function withFallback(first: ChatClient, second: ChatClient): ChatClient {
  return {
    async *send(request) {
      let hasBegun = false;
      try {
        for await (const update of first.send(request)) {
          hasBegun = true;
          yield update;
        }
        return;
      } catch (error) {
        if (hasBegun || !(error instanceof AgentError && error.retryable)) throw error;
      }
      yield* second.send(request);
    },
  };
}
