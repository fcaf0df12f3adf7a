// Bundles a package, one file for each entry: a program that loads it opens fewer files. For npm, `tsc` has written the
// declarations; `node bundle.ts [folder]` writes the rest of the current folder's package, into `dist` by default.
import { readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { rolldown } from 'rolldown';

interface Manifest {
  readonly publishConfig: { readonly exports: unknown; readonly imports?: unknown };
}

/** A module that programs import by name, and the file that has all of it. Both paths are absolute. */
export interface BundledEntry {
  readonly source: string;
  readonly file: string;
}

/** Bundles the entries of a package into the folder `out`: those that `publishConfig` names, or some of `src`. */
export async function bundlePackage(
  directory: string,
  out: string,
  entries: readonly string[] = publishedEntries(directory),
): Promise<BundledEntry[]> {
  const bundle = await rolldown({
    cwd: resolve(directory),
    input: Object.fromEntries(entries.map((entry) => [entry, `src/${entry}.ts`])),
    platform: 'neutral',
    external: (id) => !id.startsWith('.') && !isAbsolute(id) && !id.startsWith('src/'),
  });
  const { output } = await bundle.write({
    dir: resolve(out),
    format: 'esm',
    sourcemap: true,
    sourcemapExcludeSources: true, // `src` is packed beside `dist`
    entryFileNames: '[name].js',
    chunkFileNames: 'shared/[name]-[hash].js',
  });
  await bundle.close();
  return output.flatMap((chunk) =>
    chunk.type === 'chunk' && chunk.isEntry && chunk.facadeModuleId !== null
      ? [{ source: chunk.facadeModuleId, file: resolve(out, chunk.fileName) }]
      : [],
  );
}

/** The files that `exports` and `imports` name for npm, without folder and ending. */
function publishedEntries(directory: string): string[] {
  const { publishConfig } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
  return entriesIn(publishConfig);
}

function entriesIn(value: unknown): string[] {
  if (typeof value === 'string') return /^\.\/dist\/(.+)(?<!\.d)\.js$/.exec(value)?.slice(1) ?? [];
  if (typeof value !== 'object' || value === null) return [];
  return [...new Set(Object.values(value).flatMap(entriesIn))];
}

if (import.meta.main) await bundlePackage('.', process.argv[2] ?? 'dist');
