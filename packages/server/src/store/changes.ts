// Who waits for what in this process, by name.
import { MAX_TIMER_MS } from '@turnstream/core/seams';

export class Changes {
  readonly #listeners = new Map<string, Set<() => void>>();

  /** Calls back for every announcement of the name, until the returned function is called. */
  listen(name: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(name);
    };
  }

  announce(name: string): void {
    for (const listener of this.#listeners.get(name) ?? []) listener();
  }

  /** For when announcements may have been missed: everybody looks. */
  announceAll(): void {
    for (const name of this.#listeners.keys()) this.announce(name);
  }

  /** Resolves with the next announcement or when the time is up; rejects with the signal's reason. */
  async next(
    name: string,
    { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const unlisten = this.listen(name, resolve);
    const timer = setTimeout(resolve, Math.min(timeoutMs, MAX_TIMER_MS));
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort);
    try {
      await promise;
    } finally {
      unlisten();
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  }
}
