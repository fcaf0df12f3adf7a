// Caches updates only once all have arrived: a truncated answer throws before that.
import type { Middleware } from '@turnstream/core';
import type { ChatUpdate } from '@turnstream/core/seams';

export function answerCache(): Middleware {
  const answers = new Map<string, readonly ChatUpdate[]>();
  return {
    async *model({ request }, next) {
      const key = JSON.stringify([request.instructions, request.messages]);
      const known = answers.get(key);
      if (known !== undefined) return yield* known;
      const updates: ChatUpdate[] = [];
      for await (const update of next()) {
        updates.push(update);
        yield update;
      }
      answers.set(key, updates);
    },
  };
}
