// What programs use of Node's `process` and `console`, in a tab.

type Write = (text: string) => void;

/** Installs both. Everything that is written goes to `write`. */
export function fakeProcess(write: Write): void {
  const stream = { isTTY: false, columns: 80, write: (text: unknown): boolean => (write(String(text)), true) };
  const line = (...values: readonly unknown[]): void => write(`${values.map(shown).join(' ')}\n`);
  Object.assign(globalThis, {
    // The clients read their key and nothing else.
    process: {
      argv: ['node', 'main.ts'],
      env: { OPENAI_API_KEY: 'demo' },
      // The SDK refuses to run where a key could leak. There is none.
      versions: { node: '26' },
      stdout: stream,
      stderr: stream,
      on() {},
    },
  });
  Object.assign(console, { log: line, info: line, warn: line, error: line, debug: line });
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (typeof value !== 'object' || value === null) return String(value);
  try {
    return JSON.stringify(value, null, 2);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
