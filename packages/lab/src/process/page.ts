// The page's markup, style and modules, all read in advance, so that no request path becomes a file name.
import { readFile } from 'node:fs/promises';
import { chatStyles, compact, importMap, pageModules, policyFor, stylesIn } from '@turnstream/server/page';

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
    ['/lab/page.css', { type: 'text/css', text: (await chatStyles()) + (await stylesIn(FOLDER)) }],
  ]);
  for (const [name, text] of await pageModules({ 'lab/': FOLDER }, UNUSED))
    files.set(BASE + name, { type: 'text/javascript', text: compact(text) });
  return files;
}
