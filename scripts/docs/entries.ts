// The entries of the published packages: what a program can import.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly description: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, string>>;
}

export interface PublicEntry {
  /** Without the scope: `core/seams`. */
  readonly name: string;
  readonly description: string;
}

/** By source file, from the root of the repository. */
export function publicEntries(root: string): ReadonlyMap<string, PublicEntry> {
  const manifests = globSync('packages/*/package.json', { cwd: root }).toSorted();
  return new Map(
    manifests.flatMap((file) => {
      const manifest = JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest;
      if (manifest.private === true) return [];
      return Object.entries(manifest.exports ?? {})
        .filter(([, target]) => target.endsWith('.ts'))
        .map(([entry, target]): [string, PublicEntry] => {
          const source = join(file, '..', target);
          const name = (manifest.name + entry.slice(1)).replace(/^@[^/]+\//, '');
          return [
            source,
            { name, description: entry === '.' ? manifest.description : firstComment(join(root, source)) },
          ];
        });
    }),
  );
}

/** The comment a file begins with, without `The door of @turnstream/server/sse: `. */
function firstComment(file: string): string {
  const [comment = ''] = /^(?:\/\/ .*\n)+/.exec(readFileSync(file, 'utf8')) ?? [];
  const text = comment
    .replaceAll(/^\/\/ /gm, '')
    .replaceAll('\n', ' ')
    .trim();
  const said = text.replace(/^(?:The door of \S+|Entry point(?: of \S+)?): /, '');
  return said.charAt(0).toUpperCase() + said.slice(1);
}
