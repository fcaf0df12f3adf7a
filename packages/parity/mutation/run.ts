// Breaks the stream reader, the fold of updates, sessions and limits in every small way, and counts what the tests notice.
// Run: pnpm --filter @turnstream/parity mutation   (installs Stryker first; 20 to 30 minutes on two cores)
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly { readonly status: string }[] }>>;
}

const NOTICED = ['Killed', 'Timeout'];
const MISSED = ['Survived', 'NoCoverage'];
const LEAST_PERCENT = 85;

const stryker = fileURLToPath(new URL('node_modules/.bin/stryker', import.meta.url));
const all = { noticed: 0, missed: 0 };

for (const target of ['core', 'openai']) {
  const cwd = fileURLToPath(new URL(`../../${target}/`, import.meta.url));
  const config = fileURLToPath(new URL(`${target}.json`, import.meta.url));
  const { status } = spawnSync(stryker, ['run', config], { cwd, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  const { files } = JSON.parse(readFileSync(`${cwd}.vitest/mutation.json`, 'utf8')) as Report;
  for (const [file, { mutants }] of Object.entries(files)) {
    const noticed = mutants.filter(({ status: fate }) => NOTICED.includes(fate)).length;
    const missed = mutants.filter(({ status: fate }) => MISSED.includes(fate)).length;
    all.noticed += noticed;
    all.missed += missed;
    console.log(`${target}/${file}: ${noticed} of ${noticed + missed} noticed, ${percent(noticed, missed)} %`);
  }
}

const score = percent(all.noticed, all.missed);
console.log(`mutation score: ${score} %`);
process.exitCode = score >= LEAST_PERCENT ? 0 : 1;

function percent(noticed: number, missed: number): number {
  return Math.round((1000 * noticed) / (noticed + missed)) / 10;
}
