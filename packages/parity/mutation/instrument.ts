// A copy of a package that holds every mutant at once: Stryker puts each behind a switch, all of them off.
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Target } from './targets.ts';

export interface Mutant {
  readonly id: string;
  /** From the package's `src`. */
  readonly file: string;
  readonly line: number;
  readonly original: string;
  readonly replacement: string;
}

interface Place {
  readonly line: number;
  readonly column: number;
}

interface Instrumented {
  readonly files: readonly { readonly name: string; readonly content: string }[];
  readonly mutants: readonly {
    readonly id: string;
    readonly fileName: string;
    readonly replacement: string;
    readonly location: { readonly start: Place; readonly end: Place };
  }[];
}

interface StrykerInstrumenter {
  readonly Instrumenter: new (
    logger: object,
  ) => {
    instrument(files: readonly object[], options: object): Promise<Instrumented>;
  };
}

const workspace = fileURLToPath(new URL('../../../', import.meta.url));
/** By its address and not by its name, so that the compiler does not look for what is installed on demand. */
const installed = new URL('node_modules/@stryker-mutator/instrumenter/dist/src/index.js', import.meta.url).href;
const LEFT_OUT = ['node_modules', 'dist', '.vitest', '.turbo'];
const silent = { debug() {}, info() {}, warn() {}, isDebugEnabled: () => false };

/** Where the copy is: as deep in the workspace as the package, so that every relative path in it still leads there. */
export function copyOf({ name }: Target): string {
  return join(workspace, '.mutants', name);
}

export async function instrument(target: Target): Promise<readonly Mutant[]> {
  const original = join(workspace, 'packages', target.name);
  const copy = copyOf(target);
  rmSync(copy, { recursive: true, force: true });
  cpSync(original, copy, {
    recursive: true,
    filter: (path) => !LEFT_OUT.some((folder) => path === join(original, folder)),
  });
  symlinkSync(join(original, 'node_modules'), join(copy, 'node_modules'));
  mkdirSync(join(copy, '.vitest'));

  const { Instrumenter } = (await import(installed)) as StrykerInstrumenter;
  const src = join(copy, 'src');
  const sources = new Map(
    globSync(
      target.rooms.map((room) => `${room}{.ts,/**/*.ts}`),
      { cwd: src },
    )
      .toSorted()
      .map((file) => [join(src, file), readFileSync(join(src, file), 'utf8')]),
  );
  const { files, mutants } = await new Instrumenter(silent).instrument(
    [...sources].map(([name, content]) => ({ name, content, mutate: true })),
    { plugins: null, excludedMutations: [], ignorers: [] },
  );
  for (const { name, content } of files) writeFileSync(name, content);
  return mutants.map(({ id, fileName, replacement, location }) => ({
    id,
    file: fileName.slice(src.length + 1),
    line: location.start.line + 1,
    original: textAt(sources.get(fileName) ?? '', location),
    replacement,
  }));
}

/** Lines and columns count from 0; the end is the character after the last. */
function textAt(source: string, { start, end }: { readonly start: Place; readonly end: Place }): string {
  const lines = source.split('\n').slice(start.line, end.line + 1);
  const last = lines.pop() ?? '';
  return [...lines, last.slice(0, end.column)].join('\n').slice(start.column);
}
