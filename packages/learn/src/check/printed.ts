// Records the terminal output of the learner's code, write by write: streamed words are many writes, a whole answer is
// one.

export interface Printed<Value> {
  /** Each write to stdout, in order. `console.log` writes its line with the newline. */
  readonly writes: readonly string[];
  /** The writes joined. */
  readonly text: string;
  readonly value: Value;
}

/** Runs `run` and records what it prints to stdout. It is still printed, so that the learner sees it in the full output. */
export async function printed<Value>(run: () => Value | PromiseLike<Value>): Promise<Printed<Value>> {
  const writes: string[] = [];
  const { stdout } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = (chunk: string | Uint8Array, ...rest: never[]): boolean => {
    writes.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
    return write(chunk, ...rest);
  };
  try {
    const value = await run();
    return { writes, text: writes.join(''), value };
  } finally {
    stdout.write = write;
  }
}
