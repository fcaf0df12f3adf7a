// One report, two processes: the first starts it and exits, the second delivers it. The service keeps working in
// between. Run: npx -y pnpm@12 --filter 05-background-responses quit-and-resume
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportErrors } from '@turnstream/config';
import { QUESTION } from './report-agent.ts';
import { configuredModel, startReportDemo } from './report-model.ts';

reportErrors();
await using demo = (await configuredModel()) === null ? await startReportDemo() : null;
const folder = await mkdtemp(join(tmpdir(), 'run-'));
const stored = [join(folder, 'run.json'), ...(demo === null ? [] : [demo.baseURL])];

for (const [program = '', ...args] of [
  ['start.ts', QUESTION, ...stored],
  ['resume.ts', ...stored],
]) {
  const [code] = await once(fork(join(import.meta.dirname, program), args), 'exit');
  if (code !== 0) process.exitCode = 1;
}
await rm(folder, { recursive: true });
