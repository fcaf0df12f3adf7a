// What npm shows of an installed package, and whether everything it points to is in the package.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface SourceMap {
  readonly sources: readonly string[];
}

const REQUIRED = ['description', 'keywords', 'license', 'author', 'homepage', 'bugs'];
const REPOSITORY = 'github.com/turnstream/turnstream';

/** What is wrong with the package installed at `root`, which comes from `directory` of the repository. */
export function problemsOf(root: string, directory: string): string[] {
  const text = readFileSync(join(root, 'package.json'), 'utf8');
  const manifest = JSON.parse(text) as Record<string, unknown>;
  return [
    ...REQUIRED.filter((name) => manifest[name] === undefined).map((name) => `package.json has no "${name}"`),
    ...wrongPlaces(manifest, directory),
    ...(/"(?:workspace|catalog):/.test(text) ? ['package.json depends on the workspace'] : []),
    ...['README.md', 'LICENSE'].filter((file) => !existsSync(join(root, file))).map((file) => `${file} is missing`),
    ...Object.entries(manifest['exports'] as object).flatMap(([entry, target]) => entryProblems(root, entry, target)),
    ...globSync('dist/**/*.map', { cwd: root }).flatMap((map) => lostSources(root, map)),
  ];
}

function wrongPlaces(manifest: Record<string, unknown>, directory: string): string[] {
  const expected = {
    repository: { type: 'git', url: `git+https://${REPOSITORY}.git`, directory },
    homepage: `https://${REPOSITORY}/tree/main/${directory}#readme`,
    bugs: `https://${REPOSITORY}/issues`,
    engines: { node: '>=24' },
  };
  return Object.entries(expected)
    .filter(([name, value]) => JSON.stringify(manifest[name]) !== JSON.stringify(value))
    .map(([name, value]) => `"${name}" must be ${JSON.stringify(value)}`);
}

function entryProblems(root: string, entry: string, target: unknown): string[] {
  if (entry === './package.json') return [];
  const { types, default: code } = target as { types?: string; default?: string };
  return [types, code]
    .filter((file) => file === undefined || !existsSync(join(root, file)))
    .map((file) => `the entry "${entry}" needs types and code, and ${file ?? 'one of them'} is missing`);
}

/** Editors follow a declaration to its source, and debuggers follow the code. */
function lostSources(root: string, map: string): string[] {
  const { sources } = JSON.parse(readFileSync(join(root, map), 'utf8')) as SourceMap;
  return sources
    .filter((source) => !existsSync(join(root, dirname(map), source)))
    .map((source) => `${map} leads to ${source}, which is missing`);
}
