// The other libraries, with the versions of docs/reference/conformance.md: installed on demand, not part of the workspace.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { PeerName } from './peer.ts';
import type { Print } from './printed-table.ts';
import { OTHERS } from './rounds.ts';

const FOLDER = resolve(import.meta.dirname, '../peers');
const PACKAGES: Readonly<Partial<Record<PeerName, string>>> = {
  ai: 'ai',
  'openai-agents': '@openai/agents',
  langgraph: '@langchain/langgraph',
};

/** Their names; empty, and said so, where there is no registry to install them from. */
export function installOthers(print: Print): readonly PeerName[] {
  const args = ['install', '--prefix', FOLDER, '--no-package-lock', '--no-audit', '--no-fund', '--silent'];
  const { status } = spawnSync('npm', args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status === 0) return OTHERS;
  print('The other libraries cannot be installed, so their columns are empty.');
  return [];
}

const TITLES: Readonly<Record<string, string>> = { fetch: 'fetch loop', openai: 'openai SDK' };

/** Such as `ai 7.0.173`. */
export function titleOf(name: string): string {
  const { dependencies } = JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const packageName = PACKAGES[name as PeerName];
  return packageName === undefined ? (TITLES[name] ?? name) : `${packageName} ${dependencies[packageName]}`;
}
