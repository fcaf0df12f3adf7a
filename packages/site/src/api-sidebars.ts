// The navigation of the API reference: the entries, and the names of the entry that is open.
import { globSync } from 'node:fs';
import type { Entry, Section } from './sidebar.ts';

/** By the address of the entry. `folder` holds the generated pages. */
export function apiSidebars(folder: string): Readonly<Record<string, readonly Section[]>> {
  const files = globSync('**/*.md', { cwd: folder }).map((file) => file.replace(/\.md$/, ''));
  const entries = files.filter((file) => files.some((other) => other.startsWith(`${file}/`))).toSorted();
  const all: Section = {
    text: 'Entries',
    collapsed: false,
    items: entries.map((entry) => ({ text: `@turnstream/${entry}`, link: `/api/${entry}` })),
  };
  const namesOf = (entry: string): readonly Entry[] =>
    files
      .filter((file) => file.startsWith(`${entry}/`) && !entries.includes(file) && isDirectlyIn(entry, file, entries))
      .toSorted((one, other) => one.localeCompare(other))
      .map((file) => ({ text: nameIn(file.slice(entry.length + 1)), link: `/api/${file}` }));
  const sections = entries.map((entry): [string, readonly Section[]] => [
    `/api/${entry}`,
    [
      { text: `@turnstream/${entry}`, collapsed: false, items: namesOf(entry) },
      { ...all, collapsed: true },
    ],
  ]);
  // Of keys as long as each other the first that matches counts.
  return Object.fromEntries([...sections, ['/api/', [all]]]);
}

/** Not in an entry below this one: `core/seams/json` is in `core/seams`, not in `core`. */
function isDirectlyIn(entry: string, file: string, entries: readonly string[]): boolean {
  return !entries.some((other) => other.length > entry.length && file.startsWith(`${other}/`));
}

/** File systems that ignore case cannot hold `Tool` and `tool`: TypeDoc numbers the second file. */
function nameIn(file: string): string {
  return file.replace(/-\d+$/, '');
}
