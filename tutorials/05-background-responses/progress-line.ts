// Waits for a background run with a status line: an updating one on a terminal, one per status elsewhere.
import type { AgentResponse, BackgroundRun, WaitOptions } from '@turnstream/core';

export interface ProgressOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** How often the line is updated, in milliseconds. It costs no request: `wait` decides when to poll. */
const TICK_MS = 100;

export async function waitWithProgress(
  run: BackgroundRun,
  { output = process.stderr, ...options }: WaitOptions & { readonly output?: ProgressOutput } = {},
): Promise<AgentResponse> {
  const line = new ProgressLine(output);
  const timer = setInterval(() => line.show(run.status), TICK_MS);
  line.show(run.status);
  try {
    return await run.wait(options);
  } finally {
    clearInterval(timer);
    line.end(run.status);
  }
}

class ProgressLine {
  readonly #output: ProgressOutput;
  readonly #startedAt = performance.now();
  #shown = '';

  constructor(output: ProgressOutput) {
    this.#output = output;
  }

  show(status: string): void {
    // The padding overwrites a longer previous status.
    if (this.#output.isTTY === true) this.#output.write(`\r${this.#text(status).padEnd(25)}`);
    else if (status !== this.#shown) this.#output.write(`${this.#text(status)}\n`);
    this.#shown = status;
  }

  end(status: string): void {
    this.show(status);
    if (this.#output.isTTY === true) this.#output.write('\n');
  }

  #text(status: string): string {
    return `   ${status} ${((performance.now() - this.#startedAt) / 1000).toFixed(1)} s`;
  }
}
