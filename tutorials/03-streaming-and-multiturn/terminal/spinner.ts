// A spinner while the model is silent. It overwrites itself with backspaces, without escape codes.
import type { Output } from './screen.ts';

/** Shorter waits need no sign. */
const DELAY_MS = 150;
const STEP_MS = 100;
const FRAMES = ['-', '\\', '|', '/'];

/** Starts to spin after a moment, on a terminal only. The returned function erases it, at the first call only. */
export function startSpinner(output: Output): () => void {
  if (output.isTTY !== true) return () => {};
  const startedAt = performance.now();
  let shown = '';
  let steps = 0;
  let timer = setTimeout(spin, DELAY_MS);

  function spin(): void {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    const next = `${FRAMES[steps++ % FRAMES.length]} thinking ${seconds} s`;
    output.write('\b'.repeat(shown.length) + next);
    shown = next;
    timer = setTimeout(spin, STEP_MS);
  }

  return () => {
    clearTimeout(timer);
    const width = shown.length;
    shown = '';
    if (width > 0) output.write('\b'.repeat(width) + ' '.repeat(width) + '\b'.repeat(width));
  };
}
