// Where a chat is shown: answers on one stream, everything else on the other, so that `> answers.txt` gets only
// answers.

export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

export interface Screen {
  /** Gets the model's text. */
  readonly output: Output;
  /** Gets prompts, spinners, times and errors. */
  readonly errorOutput: Output;
  /** Whether to say after each answer how long it took. */
  readonly timings: boolean;
}

export const terminal: Screen = { output: process.stdout, errorOutput: process.stderr, timings: true };
