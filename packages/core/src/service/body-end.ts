// What becomes of the connection of an answer that is over, or is no longer wanted.

/** A body that is over arrives within a round trip; one that is held open is not worth a connection. */
const DRAIN_GRACE_MS = 250;

/** Created once: every new error captures a stack trace, and nothing reads this one's. */
const CLOSED = new DOMException('The connection was closed.', 'AbortError');

type Reader = ReadableStreamDefaultReader<unknown>;

/** Closes the connection: through the signal, and through the body for a `fetch` that forgets its signal after the headers. */
export function closeBody(reader: Reader | null, closing: AbortController): void {
  closing.abort(CLOSED);
  reader?.cancel().catch(() => {});
}

/**
 * Reads what follows the end of an answer, so that the connection can be used again; closes it when it stays open. Never
 * rejects: the answer is complete, whatever happens to its connection.
 */
export async function drain(reader: Reader, closing: AbortController): Promise<void> {
  const timer = setTimeout(() => closeBody(reader, closing), DRAIN_GRACE_MS);
  try {
    while (!(await reader.read()).done);
  } catch {
    // Closed by us or lost: either way it is gone.
  } finally {
    clearTimeout(timer);
  }
}
