// The page's markup, style and modules, all read in advance, so that no request path becomes a file name.
import { readFile } from 'node:fs/promises';
import {
  chatStyles,
  compact,
  IMMUTABLE,
  importMap,
  pageModules,
  policyFor,
  stylesIn,
  versionOf,
} from '@turnstream/server/page';

export interface PageFile {
  readonly type: string;
  readonly text: string;
  readonly policy?: string;
  /** The `cache-control`. `no-store` by default. */
  readonly cache?: string;
}

/** The address of the modules, before their version. */
const MODULES = '/lab/modules/';
/** It polls background runs. */
const UNUSED = ['ui-transport', 'watch-run'];
const FOLDER = new URL('../page/', import.meta.url);

let read: Promise<ReadonlyMap<string, PageFile>> | undefined;

/** The files of the page by their paths, read once for all labs of the process. */
export async function readPage(): Promise<ReadonlyMap<string, PageFile>> {
  read ??= readFiles();
  try {
    return await read;
  } catch (error) {
    read = undefined;
    throw error;
  }
}

async function readFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const whole = await pageModules({ 'lab/': FOLDER }, UNUSED);
  const modules = new Map([...whole].map(([name, text]) => [name, compact(text)]));
  const base = `${MODULES}${versionOf(modules)}/`;
  const map = importMap(base);
  const html = (await readFile(new URL('index.html', FOLDER), 'utf8'))
    .replaceAll(MODULES, base)
    .replace('>{}<', () => `>${map}<`);
  const files = new Map<string, PageFile>([
    ['/', { type: 'text/html', text: html, policy: policyFor(map) }],
    ['/lab/page.css', { type: 'text/css', text: (await chatStyles()) + (await stylesIn(FOLDER)) }],
  ]);
  for (const [name, text] of modules) files.set(base + name, { type: 'text/javascript', text, cache: IMMUTABLE });
  return files;
}
