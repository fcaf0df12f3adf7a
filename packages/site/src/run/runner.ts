// Runs a program in a worker of its own, so that stopping it needs no help from the program.
import type { Said, Start } from './messages.ts';

/** Gets what the program says. Returns a function that stops it; stopping twice does nothing. */
export function startProgram(worker: string, start: Start, on: (said: Said) => void): () => void {
  const running = new Worker(worker, { type: 'module' });
  const stop = (): void => running.terminate();
  running.addEventListener('message', ({ data }: MessageEvent<Said>) => {
    if (data.kind !== 'text') stop();
    on(data);
  });
  running.addEventListener('error', ({ message }) => {
    stop();
    on({ kind: 'failed', message: message || 'The program could not be loaded. Reload the page and try again.' });
  });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
  running.postMessage(start);
  return stop;
}
