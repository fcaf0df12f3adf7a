// The page's markup, style and modules, all read in advance, so that no request path becomes a file name.
import { readdir, readFile } from 'node:fs/promises';
import { importMap, pageModules, policyFor } from '@turnstream/server/page';

export interface PageFile {
  readonly type: string;
  readonly text: string;
  readonly policy?: string;
}

const BASE = '/lab/modules/';
/** It polls background runs. */
const UNUSED = ['ui-transport', 'watch-run'];
const FOLDER = new URL('../page/', import.meta.url);

/** The files of the page by their paths. */
export async function readPage(): Promise<ReadonlyMap<string, PageFile>> {
  const map = importMap(BASE);
  const html = (await readFile(new URL('index.html', FOLDER), 'utf8')).replace('>{}<', () => `>${map}<`);
  const files = new Map<string, PageFile>([
    ['/', { type: 'text/html', text: html, policy: policyFor(map) }],
    ['/lab/page.css', { type: 'text/css', text: await readStyles() }],
  ]);
  for (const [name, text] of await pageModules({ 'lab/': FOLDER }, UNUSED))
    files.set(BASE + name, { type: 'text/javascript', text: compact(text) });
  return files;
}

/** Removes whole-line comments, indentation and empty lines: a third of what the page loads. */
function compact(text: string): string {
  const code = text.replace(/^[ \t]*(?:\/\/.*|\/\*\*[^]*?\*\/[ \t]*)\n/gm, '');
  return code.replace(/[ \t]*\n\s*/g, '\n');
}

/** All style sheets in one: those of the frame, then those of the components. */
async function readStyles(): Promise<string> {
  const names = (await readdir(FOLDER, { recursive: true })).filter((name) => name.endsWith('.css'));
  const sorted = names.toSorted((one, other) => depth(one) - depth(other) || one.localeCompare(other));
  return (await Promise.all(sorted.map((name) => readFile(new URL(name, FOLDER), 'utf8')))).join('\n');
}

function depth(path: string): number {
  return path.split('/').length;
}
