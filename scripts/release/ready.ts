// What has to be true of the workspace before its packages are published, and in which order they go out.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Releasable {
  readonly directory: string;
  readonly manifest: {
    readonly name: string;
    readonly version: string;
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly peerDependencies?: Readonly<Record<string, string>>;
  };
}

/** Why the packages below `root` cannot be published as they are; empty when they can. */
export function notReady(root: string, packages: readonly Releasable[]): string[] {
  const pending = globSync('.changeset/*.md', { cwd: root }).filter((path) => !path.endsWith('README.md'));
  const versions = new Set(packages.map(({ manifest }) => manifest.version));
  return [
    ...pending.map((path) => `${path} is not part of a version yet. Run: npx -y pnpm@12 changeset version`),
    ...(versions.size > 1
      ? [`The packages have the versions ${[...versions].join(', ')}; they need the same one.`]
      : []),
    ...packages
      .filter(({ directory, manifest }) => !changelog(join(root, directory)).includes(`\n## ${manifest.version}\n`))
      .map(({ directory, manifest }) => `${directory}/CHANGELOG.md has no notes for ${manifest.version}.`),
  ];
}

function changelog(directory: string): string {
  const path = join(directory, 'CHANGELOG.md');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** Dependencies first: at no moment can somebody install a package whose dependencies are missing. */
export function publishOrder<T extends Releasable>(packages: readonly T[]): T[] {
  const left = new Map(packages.map((one) => [one.manifest.name, one]));
  const ordered: T[] = [];
  const add = (one: T): void => {
    if (!left.delete(one.manifest.name)) return;
    const { dependencies, peerDependencies } = one.manifest;
    for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
      const before = left.get(name);
      if (before !== undefined) add(before);
    }
    ordered.push(one);
  };
  for (const one of packages) add(one);
  return ordered;
}
