// The style sheets of the chat. The compiler does not copy them, so the published package has them among its sources.
import { readdir, readFile } from 'node:fs/promises';

const FOLDER = new URL('../../src/page/browser/', import.meta.url);

/** In one text: the sheet of the frame, then those of the parts. */
export async function chatStyles(): Promise<string> {
  return stylesIn(FOLDER);
}

/** All style sheets of a folder in one text: those of the outer folders first. */
export async function stylesIn(folder: URL): Promise<string> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.css'));
  const sorted = names.toSorted((one, other) => depth(one) - depth(other) || one.localeCompare(other));
  return (await Promise.all(sorted.map((name) => readFile(new URL(name, folder), 'utf8')))).join('\n');
}

function depth(path: string): number {
  return path.split(/[\\/]/).length;
}
