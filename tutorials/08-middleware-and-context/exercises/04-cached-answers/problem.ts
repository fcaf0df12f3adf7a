// Build: a cache in front of the model. It combines middleware with what a session remembers.
import type { Middleware } from '@turnstream/core';

export function answerCache(): Middleware {
  return {
    async *model(_call, next) {
      yield* next(); // TODO: answer from the cache what was asked before
    },
  };
}
