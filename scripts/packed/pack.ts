// Builds the public packages from scratch and packs them.
import { globSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { turbo } from '../turbo.ts';
import { run } from './run.ts';

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly publishConfig: { readonly exports: Readonly<Record<string, unknown>> };
}

/** A packed package: its folder in the workspace, its tarball, and the names that a program can import. */
export interface Packed {
  readonly directory: string;
  readonly manifest: Manifest;
  readonly tarball: string;
  readonly entries: readonly string[];
}

export function publicPackages(): readonly Pick<Packed, 'directory' | 'manifest'>[] {
  return globSync('packages/*/package.json')
    .map((path) => ({ directory: dirname(path), manifest: JSON.parse(readFileSync(path, 'utf8')) as Manifest }))
    .filter(({ manifest }) => manifest.private !== true);
}

/** As npm and pnpm name it. */
export function tarballName({ name, version }: Pick<Manifest, 'name' | 'version'>): string {
  return `${name.slice(1).replace('/', '-')}-${version}.tgz`;
}

/** The tarballs of all public packages, in `destination`. */
export async function packAll(destination: string): Promise<readonly Packed[]> {
  // A deleted source would leave its output behind, and the tarball would contain it.
  for (const dist of globSync('packages/*/dist')) rmSync(dist, { recursive: true });
  if (turbo(['run', 'build', '--output-logs=errors-only']) !== 0) throw new Error('the build failed');
  const packages = publicPackages();
  const filters = packages.flatMap(({ manifest }) => ['--filter', manifest.name]);
  await run('pnpm', ['--recursive', ...filters, 'pack', '--pack-destination', destination], '.');
  return packages.map(({ directory, manifest }) => ({
    directory,
    manifest,
    tarball: join(destination, tarballName(manifest)),
    entries: Object.keys(manifest.publishConfig.exports)
      .filter((entry) => !entry.endsWith('.json'))
      .map((entry) => manifest.name + entry.slice(1)),
  }));
}
