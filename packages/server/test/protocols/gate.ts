// Holds answers behind their first words until a test lets them go on.
import type { Middleware } from '@turnstream/core';

export interface Gate {
  readonly middleware: Middleware;
  open(): void;
}

export function gate(): Gate {
  const opened = Promise.withResolvers<void>();
  const middleware: Middleware = {
    async *model(call, next) {
      for await (const update of next(call)) {
        yield update;
        if (update.contents.some(({ type }) => type === 'text')) await opened.promise;
      }
    },
  };
  return { middleware, open: () => opened.resolve() };
}
