// What is still alive. Needs `--expose-gc`.

/** Bytes of heap after everything that can go has gone. */
export async function collectedHeap(): Promise<number> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('Start node with --expose-gc.');
  for (let pass = 0; pass < 4; pass += 1) {
    await gc({ type: 'major', execution: 'async' });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return process.memoryUsage().heapUsed;
}
