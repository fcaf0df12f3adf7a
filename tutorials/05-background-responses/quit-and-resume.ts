// One report, two processes: the first starts it and exits, the second delivers it. The service keeps working in
// between. Run: npx -y pnpm@12 --filter 05-background-responses quit-and-resume
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasRealModel, reportErrors } from '@turnstream/config';
import { startReportDemo } from './report-model.ts';

reportErrors();
await using demo = hasRealModel() ? null : await startReportDemo();
const folder = await mkdtemp(join(tmpdir(), 'run-'));
const args = [join(folder, 'run.json'), ...(demo === null ? [] : [demo.baseURL])];

for (const program of ['start.ts', 'resume.ts']) {
  const [code] = await once(fork(join(import.meta.dirname, program), args), 'exit');
  if (code !== 0) process.exitCode = 1;
}
await rm(folder, { recursive: true });
