// Packs the public packages, verifies the tarballs, and publishes exactly these, with provenance. Without `--publish` it is
// a rehearsal, which asks no registry.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { publicPackages, tarballName } from './packed/pack.ts';
import { notReady, publishOrder } from './release/ready.ts';

// Port 9 answers nobody.
const REHEARSAL = ['--dry-run', '--registry', 'http://127.0.0.1:9', '--fetch-retries', '0', '--loglevel', 'error'];

const { publish } = parseArgs({ options: { publish: { type: 'boolean', default: false } } }).values;
const packages = publicPackages();

const problems = [...notReady('.', packages), ...(publish ? notPublishable() : [])];
if (problems.length > 0) {
  for (const problem of problems) console.error(problem);
  process.exit(1);
}

const tarballs = mkdtempSync(join(tmpdir(), 'turnstream-release-'));
try {
  run(process.execPath, 'scripts/check-packages.ts', '--keep', tarballs);
  for (const one of publishOrder(packages)) {
    const tarball = join(tarballs, tarballName(one.manifest));
    run('npm', 'publish', tarball, '--access', 'public', ...(publish ? ['--provenance'] : REHEARSAL));
  }
} finally {
  rmSync(tarballs, { recursive: true });
}

/** Provenance names the commit and the build, so both have to be public. */
function notPublishable(): string[] {
  const changes = spawnSync('git', ['status', '--porcelain'], { encoding: 'utf8' }).stdout;
  return [
    ...(changes === '' ? [] : ['The working tree has changes; publish a commit.']),
    ...(process.env['ACTIONS_ID_TOKEN_REQUEST_URL'] === undefined
      ? [
          '--publish needs a GitHub Actions job with the permission "id-token: write", which npm requires for provenance.',
        ]
      : []),
  ];
}

function run(command: string, ...args: readonly string[]): void {
  const { status } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) throw new Error(`"${[command, ...args].join(' ')}" ended with exit status ${String(status)}`);
}
