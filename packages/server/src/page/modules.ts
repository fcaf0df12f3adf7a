// The page's modules as the browser loads them: compiled, or the sources with their types stripped. All are read up front,
// so that no request path is ever used as a file name.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folders of modules: their name in addresses, and where they are on disk. */
export type Folders = Readonly<Record<string, URL>>;

const CORE = new URL('./', import.meta.resolve('@turnstream/core'));

/** Of this package's own modules: the sources and the compiled ones name each other differently. */
export const extension: string = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

const coreExtension: string = import.meta.resolve('@turnstream/core').endsWith('.ts') ? '.ts' : '.js';

/** What pages share: the chat, the client of the server, and what they are made with. */
const SHARED: Folders = {
  'server/page/browser/': new URL('browser/', import.meta.url),
  'server/client/': new URL('../client/', import.meta.url),
  'server/events/': new URL('../events/', import.meta.url),
  // Published, core is bundled: two entries and what they share.
  ...(coreExtension === '.js' ? { 'core/': CORE } : {}),
  'eventsource-parser/': new URL('.//', import.meta.resolve('eventsource-parser')),
};

const NOT_FOR_BROWSERS = /\.d\.ts$|^(error-event|sent-events)\./;

/** What pages use from core's two entries. In the sources the entries would load all of core, one request per module. */
const CORE_ENTRIES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  index: { errors: '{ AgentError }' },
  seams: {
    backoff: '{ backoffMs }',
    'checked/json': '* as json',
    'checked/usage': '{ usageMembers }',
    errors: '{ AGENT_ERROR_CODES, isTransient }',
    leavable: '{ leavable }',
    'retry-after': '{ parseRetryAfter }',
    timers: '{ sleep }',
  },
};

/**
 * The texts of a page's own modules and of those that pages share, by their addresses under `base` of the import map.
 * `unused` names modules of the client that the page does not need.
 */
export async function pageModules(
  own: Folders = {},
  unused: readonly string[] = ['ui-transport'],
): Promise<ReadonlyMap<string, string>> {
  const modules = new Map<string, string>();
  const isUnused = (text: string): boolean => unused.some((name) => text.includes(`/${name}.`));
  for (const [name, folder] of Object.entries({ ...own, ...SHARED })) {
    for (const file of await readdir(folder, { recursive: true })) {
      if (/\.[jt]s$/.test(file) && !NOT_FOR_BROWSERS.test(file) && !isUnused(`/${file}`))
        modules.set(name + file.replaceAll(sep, '/'), await moduleText(new URL(file, folder)));
    }
  }
  const client = `server/client/index${extension}`;
  const exported = (modules.get(client) ?? '').split('\n').filter((line) => !isUnused(line));
  modules.set(client, exported.join('\n'));
  if (coreExtension === '.ts') await addCore(modules);
  return modules;
}

/** Adds the modules of core that these modules import, from its sources. */
async function addCore(modules: Map<string, string>): Promise<void> {
  const used = importedFromCore([...modules.values()]);
  for (const [entry, names] of Object.entries(CORE_ENTRIES)) {
    const needed = Object.entries(names).filter(([, what]) => what.match(/\w+/g)?.some((name) => used.has(name)));
    const lines = needed.map(([file, what]) => `export ${what} from './${file}.ts';\n`);
    modules.set(`core/${entry}.ts`, lines.join(''));
    for (const [file] of needed) await addFromCore(modules, new URL(`${file}.ts`, CORE));
  }
}

/** A module of core and those that it imports. */
async function addFromCore(modules: Map<string, string>, file: URL): Promise<void> {
  const name = `core/${file.href.slice(CORE.href.length)}`;
  if (modules.has(name)) return;
  const text = await moduleText(file);
  modules.set(name, text);
  for (const [, path = ''] of text.matchAll(/ from '(\.[^']+)'/g)) await addFromCore(modules, new URL(path, file));
}

function importedFromCore(modules: readonly string[]): ReadonlySet<string> {
  const imports = modules.flatMap((text) => [...text.matchAll(/import \{([^}]*)\} from '@turnstream\/core/g)]);
  return new Set(imports.flatMap(([, names = '']) => names.match(/\w+/g) ?? []));
}

/** The `cache-control` of a module whose address contains the version. */
export const IMMUTABLE = 'public, max-age=31536000, immutable';

/** Part of the addresses of the modules: browsers keep them until one of them changes. */
export function versionOf(modules: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  for (const name of [...modules.keys()].toSorted()) hash.update(`${name}\n${modules.get(name)}\n`);
  return hash.digest('base64url').slice(0, 12);
}

/** Where bare names lead to. */
export function importMap(base: string): string {
  const imports = {
    '@turnstream/server/chat': `${base}server/page/browser/index${extension}`,
    '@turnstream/server/client': `${base}server/client/index${extension}`,
    '@turnstream/core': `${base}core/index${coreExtension}`,
    '@turnstream/core/seams': `${base}core/seams${coreExtension}`,
    'eventsource-parser': `${base}eventsource-parser/index.js`,
  };
  return JSON.stringify({ imports });
}

async function moduleText(file: URL): Promise<string> {
  const text = await readFile(fileURLToPath(file), 'utf8');
  return file.pathname.endsWith('.ts') ? stripTypeScriptTypes(text) : text;
}
