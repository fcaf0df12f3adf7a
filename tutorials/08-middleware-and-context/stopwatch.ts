// Says how long each model call and each tool took, while the words still stream.
import type { Middleware } from '@turnstream/core';

export function stopwatch(say: (line: string) => void): Middleware {
  return {
    async *model(_call, next) {
      const startedAt = performance.now();
      let firstAt: number | null = null;
      for await (const update of next()) {
        if (update.text !== '') firstAt ??= performance.now();
        yield update;
      }
      say(
        `model call: first word ${ms(startedAt, firstAt ?? performance.now())}, whole ${ms(startedAt, performance.now())}`,
      );
    },
    async tool(call, next) {
      const startedAt = performance.now();
      const result = await next();
      say(`tool ${call.tool.name}: ${ms(startedAt, performance.now())}`);
      return result;
    },
  };
}

function ms(from: number, to: number): string {
  return `${Math.round(to - from)} ms`;
}
