// What a package's README tells its reader to install, and what its sample then imports.
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, join } from 'node:path';

/** The folder of the front page. */
export const FRONT_PAGE = '.';

/** The names on the lines that start with `npm install`. */
export function installLine(directory: string): string[] {
  const lines = readFileSync(join(directory, 'README.md'), 'utf8').matchAll(/^npm install (.+)$/gm);
  return [...lines]
    .flatMap(([, rest = '']) => rest.replace(/#.*/, '').split(' '))
    .filter((word) => /^[@a-z]/.test(word));
}

/** The sample of a package's README, or of the front page; `check-docs` keeps the two equal. */
export function sampleOf(directory: string): string {
  return `packages/samples/src/${directory === FRONT_PAGE ? 'readme' : basename(directory)}.ts`;
}

/** What the sample imports and the README does not tell to install. */
export function notInstalled(directory: string): string[] {
  const imports = readFileSync(sampleOf(directory), 'utf8').matchAll(/ from '((?:@[^/']+\/)?[^/']+)/g);
  const installed = [...installLine(directory), ...builtinModules, ...builtinModules.map((name) => `node:${name}`)];
  return [...imports].map(([, name = '']) => name).filter((name) => !installed.includes(name));
}
