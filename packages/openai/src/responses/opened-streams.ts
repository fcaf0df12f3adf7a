// Streams that came with the start of a response, until somebody reads on or nobody does.
import type { BackgroundEvent } from '@turnstream/core/seams';
import type { ModelCall } from '../call/model-call.ts';

/**
 * How long a stream waits for its reader. Not shorter: the service was observed to leave a response queued indefinitely
 * when its stream is closed within moments of its creation, but not two seconds later.
 */
const KEPT_MS = 2_000;

export interface OpenedStream {
  /** What has been read already. */
  readonly first: BackgroundEvent;
  readonly rest: ModelCall<BackgroundEvent>;
}

export class OpenedStreams {
  readonly #streams = new Map<
    string,
    { readonly stream: OpenedStream; readonly timer: ReturnType<typeof setTimeout> }
  >();

  keep(id: string, stream: OpenedStream): void {
    const timer = setTimeout(() => {
      this.#streams.delete(id);
      void stream.rest.return();
    }, KEPT_MS);
    this.#streams.set(id, { stream, timer });
  }

  /** The stream, whose connection is then the caller's to close; null when it is gone. */
  take(id: string): OpenedStream | null {
    const kept = this.#streams.get(id);
    if (kept === undefined) return null;
    this.#streams.delete(id);
    clearTimeout(kept.timer);
    return kept.stream;
  }
}

/** Reads a stream to its end. Rejects with the signal's reason when that is aborted; leaving it closes the connection. */
export async function* readOn(
  { first, rest }: OpenedStream,
  signal: AbortSignal,
): AsyncGenerator<BackgroundEvent, undefined> {
  const stop = (): void => void rest.return();
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    yield first;
    for await (const event of rest) {
      signal.throwIfAborted();
      yield event;
    }
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener('abort', stop);
    await rest.return();
  }
}
