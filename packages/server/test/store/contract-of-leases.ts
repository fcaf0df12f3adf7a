// Jobs survive the death of their process and only then go to another one.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { claimOf, Notes, newRun, type OpenRig } from './fixtures.ts';

const PROCESS = fileURLToPath(new URL('./process.ts', import.meta.url));

export function testsOfKilledProcesses(openRig: OpenRig): void {
  test('a job whose process is killed is delivered to the next one', async () => {
    await using rig = await openRig();
    const { store } = rig;
    const { run } = await store.runs.create(newRun());
    const notes = new Notes();

    await using worker = await startProcess(rig.address!);
    const lost = await worker.line();
    await worker.kill();
    const survivor = await rig.reopen!();
    const work = notes.work('run');
    await using _working = await survivor.runs.work({ run: work, callback: work, concurrency: 1 });
    const [again] = await notes.first(1);

    expect(lost).toBe(`run ${run.runId} 1`);
    expect(again).toBe(`run ${run.runId} 2`);
    const claim = await claimOf(survivor, run.runId);
    expect(claim).toMatchObject({ claimNo: 2, attempts: 2 });
  });
}

export function testsOfLongJobs(openRig: OpenRig): void {
  test('a job that takes longer than a lease stays with its process', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const elsewhere = (await rig.reopen!()).runs;
    const notes = new Notes();
    const end = Promise.withResolvers<null>();
    await using _here = await runs.work({
      run: notes.work('run', () => end.promise),
      callback: notes.work('run'),
      concurrency: 1,
    });
    const { run } = await runs.create(newRun());
    await notes.first(1);

    await using _there = await elsewhere.work({ run: notes.work('run'), callback: notes.work('run'), concurrency: 1 });
    await elsewhere.changed('nothing', { timeoutMs: 15_000, signal: new AbortController().signal });

    expect(notes.lines).toEqual([`run ${run.runId} 1`]);
    end.resolve(null);
  });
}

interface StoreProcess extends AsyncDisposable {
  line(): Promise<string>;
  kill(): Promise<void>;
}

/** A process that takes jobs, reports them, and never finishes them. */
async function startProcess(address: string): Promise<StoreProcess> {
  const child: ChildProcessByStdio<null, Readable, null> = spawn(process.execPath, [PROCESS, address], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'close');
  };
  return {
    line: async () => String((await lines.next()).value),
    kill,
    [Symbol.asyncDispose]: kill,
  };
}
