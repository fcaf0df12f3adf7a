import type { Middleware } from '../../src/index.ts';

/** Notes when it is entered and left. */
export function noting(name: string, notes: string[]): Middleware {
  return {
    async *run(_call, next) {
      notes.push(`${name} in`);
      yield* next();
      notes.push(`${name} out`);
    },
  };
}
