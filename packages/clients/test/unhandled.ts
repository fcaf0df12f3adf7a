// Unhandled rejections that a client causes: the test runner would fail the test that runs then.

export interface PassingUnhandled extends Disposable {
  readonly reasons: readonly unknown[];
}

/** Takes the place of the test runner's listeners until it is disposed. */
export function passingUnhandled(): PassingUnhandled {
  const listeners = process.listeners('unhandledRejection');
  const reasons: unknown[] = [];
  const noting = (reason: unknown): void => void reasons.push(reason);
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', noting);
  return {
    reasons,
    [Symbol.dispose]() {
      process.off('unhandledRejection', noting);
      for (const listener of listeners) process.on('unhandledRejection', listener);
    },
  };
}
