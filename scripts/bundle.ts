// Bundles the package in the current folder for npm, one file for each entry: a program that loads it opens fewer files.
// `tsc` has written the declarations; `node bundle.ts [folder]` writes the rest, into `dist` when no folder is given.
import { readFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { rolldown } from 'rolldown';

interface Manifest {
  readonly publishConfig: { readonly exports: unknown; readonly imports?: unknown };
}

const { publishConfig } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

const bundle = await rolldown({
  input: Object.fromEntries(entriesIn(publishConfig).map((entry) => [entry, `src/${entry}.ts`])),
  platform: 'neutral',
  external: (id) => !id.startsWith('.') && !isAbsolute(id) && !id.startsWith('src/'),
});
await bundle.write({
  dir: resolve(process.argv[2] ?? 'dist'),
  format: 'esm',
  sourcemap: true,
  sourcemapExcludeSources: true, // `src` is packed beside `dist`
  entryFileNames: '[name].js',
  chunkFileNames: 'shared/[name]-[hash].js',
});
await bundle.close();

/** The files that `exports` and `imports` name, without folder and ending. */
function entriesIn(value: unknown): string[] {
  if (typeof value === 'string') return /^\.\/dist\/(.+)(?<!\.d)\.js$/.exec(value)?.slice(1) ?? [];
  if (typeof value !== 'object' || value === null) return [];
  return [...new Set(Object.values(value).flatMap(entriesIn))];
}
