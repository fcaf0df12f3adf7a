// The program behind a fence that has `run="file.ts"`: that file and what it imports, with the code on the page in it.
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { importsOf, type Program } from './run/program.ts';
import { TAB_MODULES } from './run-bundle.ts';

/** `page` is the file with the fence, from the root; `source` and `run` are attributes of the fence. */
export function programOf(root: string, page: string, attributes: ReadonlyMap<string, string>, code: string): Program {
  const from = (path: string): string => posix.join(posix.dirname(page), path.split('#')[0] ?? path);
  const entry = from(attributes.get('run') ?? '');
  const shown = from(attributes.get('source') ?? '');
  const files: Record<string, string> = {};
  const add = (file: string): void => {
    if (file in files) return;
    const source = readFileSync(join(root, file), 'utf8');
    files[file] = source;
    for (const { name, isType } of importsOf(source)) {
      if (name.startsWith('.')) {
        if (!isType) add(posix.join(posix.dirname(file), name));
      } else if (!isType && !TAB_MODULES.has(name))
        throw new Error(`${page}: ${entry} cannot run in a tab: ${file} imports "${name}"`);
    }
  };
  add(entry);
  if (files[shown]?.includes(code) !== true)
    throw new Error(`${page}: ${entry} does not run the code on the page, which is in ${shown}`);
  return { entry, files, shown, code };
}
