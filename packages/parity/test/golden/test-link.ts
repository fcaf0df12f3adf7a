// A test somewhere in the workspace, by file and title, so that a reason can point at what pins it.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface TestLink {
  /** From the root of the workspace. */
  readonly file: string;
  readonly title: string;
}

const root = fileURLToPath(new URL('../../../../', import.meta.url));

export function isThere({ file, title }: TestLink): boolean {
  return existsSync(root + file) && readFileSync(root + file, 'utf8').includes(title);
}
