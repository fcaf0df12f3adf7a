// Where a chat is seen: answers on one stream, everything else on the other, so that `> answers.txt` holds answers only.

export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

export interface Screen {
  /** Gets what the model says. */
  readonly output: Output;
  /** Gets prompts, waiting signs, times and errors. */
  readonly errorOutput: Output;
  /** Whether to say after each answer how long it took. */
  readonly timings: boolean;
}

export const terminal: Screen = { output: process.stdout, errorOutput: process.stderr, timings: true };
