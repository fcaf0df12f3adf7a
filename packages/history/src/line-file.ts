// The end of a file of lines, read backwards: a long conversation costs no more than the turns that are asked for.
import type { FileHandle } from 'node:fs/promises';

const NEWLINE = 0x0a;
/** Holds the last turns of most conversations, so that one read is enough. */
const FIRST_SPAN = 64 * 1024;

export interface FileEnd {
  /** Whole lines, without their line breaks; the last of them is the last whole line of the file. */
  readonly lines: readonly Uint8Array[];
  /** Where the whole lines end. What follows is a line whose writer did not get to its end. */
  readonly end: number;
  readonly size: number;
}

/** The last `count` lines, all of them when left out; at least one. */
export async function readEnd(handle: FileHandle, count: number = Number.POSITIVE_INFINITY): Promise<FileEnd> {
  const { size } = await handle.stat();
  for (let span = Number.isFinite(count) ? FIRST_SPAN : size; ; span *= 4) {
    const start = Math.max(0, size - span);
    const bytes = await readRange(handle, start, size);
    const lines = wholeLines(bytes, start > 0);
    const end = start + lines.end;
    if (start === 0 || lines.found.length >= count) {
      return { lines: lines.found.slice(-count), end, size };
    }
  }
}

/** The bytes from `start` up to `end`, fewer when the file has become shorter. */
export async function readRange(handle: FileHandle, start: number, end: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(end - start);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

function wholeLines(bytes: Uint8Array, startsWithin: boolean): { found: Uint8Array[]; end: number } {
  const found: Uint8Array[] = [];
  // Where the first line starts is not known when the read began in the middle of the file.
  let start = startsWithin ? bytes.indexOf(NEWLINE) + 1 : 0;
  for (let stop = bytes.indexOf(NEWLINE, start); stop !== -1; stop = bytes.indexOf(NEWLINE, start)) {
    found.push(bytes.subarray(start, stop));
    start = stop + 1;
  }
  const last = found.at(-1);
  // A power cut can leave zeros where the blocks of a line should be. JSON text never holds one.
  if (last?.includes(0) === true) {
    found.pop();
    start -= last.length + 1;
  }
  return { found, end: start };
}
