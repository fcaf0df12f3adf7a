// When a test fails and leaves its scripted model unused, `using` throws both as one SuppressedError. Test runners
// print messages and causes, so the test's failure becomes the cause; otherwise a wall of fields hides it. Compiled
// `using` leaves the message empty, so it gets both failures; an engine with native `using` writes its own message.

/** For test runs: it changes a prototype of the language, for all errors of this kind without a message of their own. */
export function explainSuppressedErrors(): void {
  if (Object.hasOwn(SuppressedError.prototype, 'cause')) return;
  define(
    'message',
    (error) => `${messageOf(error.suppressed)}\n\nand then, leaving the scope: ${messageOf(error.error)}`,
  );
  define('cause', (error) => error.suppressed);
}

function define(name: 'message' | 'cause', read: (error: SuppressedError) => unknown): void {
  // oxlint-disable-next-line eslint/no-extend-native -- `using` makes these errors itself, there is no other place to reach them
  Object.defineProperty(SuppressedError.prototype, name, {
    configurable: true,
    get(this: SuppressedError): unknown {
      return read(this);
    },
    // An error that already has a message keeps it.
    set(this: SuppressedError, value: unknown): void {
      Object.defineProperty(this, name, { value, configurable: true, writable: true });
    },
  });
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
