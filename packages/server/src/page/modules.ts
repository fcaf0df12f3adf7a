// The modules of the page as a browser loads them: as compiled, or from the sources without their types. All are read
// once, at the start, so that no request ever becomes the name of a file.
import { readdir, readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folders with the page's modules: their name in addresses, and where they are on disk. */
const FOLDERS: Readonly<Record<string, URL>> = {
  'server/page/': new URL('.//', import.meta.url),
  'server/client/': new URL('../client/', import.meta.url),
  'server/events/': new URL('../events/', import.meta.url),
  'core/': new URL('.//', import.meta.resolve('@turnstream/core')),
  'eventsource-parser/': new URL('.//', import.meta.resolve('eventsource-parser')),
};

const NOT_FOR_BROWSERS = /\.d\.ts$|^(modules|routes|html|css|error-event|sent-events)\./;

/** Module texts by their addresses under `/page/modules/`. */
export async function pageModules(): Promise<ReadonlyMap<string, string>> {
  const modules = new Map<string, string>();
  for (const [name, folder] of Object.entries(FOLDERS)) {
    for (const file of await readdir(folder, { recursive: true })) {
      if (/\.[jt]s$/.test(file) && !NOT_FOR_BROWSERS.test(file))
        modules.set(name + file.replaceAll(sep, '/'), await moduleText(new URL(file, folder)));
    }
  }
  return modules;
}

/** Of this package's own modules: the sources and the compiled ones name each other differently. */
export const extension: string = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

/** Where bare names lead to. */
export function importMap(base: string): string {
  const core = import.meta.resolve('@turnstream/core').endsWith('.ts') ? '.ts' : '.js';
  const imports = {
    '@turnstream/core': `${base}core/index${core}`,
    '@turnstream/core/seams': `${base}core/seams${core}`,
    'eventsource-parser': `${base}eventsource-parser/index.js`,
  };
  return JSON.stringify({ imports });
}

async function moduleText(file: URL): Promise<string> {
  const text = await readFile(fileURLToPath(file), 'utf8');
  return file.pathname.endsWith('.ts') ? stripTypeScriptTypes(text) : text;
}
