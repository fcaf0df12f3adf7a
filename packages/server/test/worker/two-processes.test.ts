// Two server processes on one Postgres: whichever is asked, and whichever dies, the run is one and whole.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { background, reply, type ServedModel, serveModel } from '@turnstream/testkit';
import { expect, test, vi } from 'vitest';
import { type Connection, cancelRun, getRun, startRun, watchRun } from '../../src/client/index.ts';
import { TOKEN } from '../app-rig.ts';
import { hasPostgres } from '../back-ends.ts';
import { openPostgresRig } from '../store/postgres-rig.ts';
import { historyOf, posts, wire } from './rig.ts';

// The jobs of a process that died are free after ten seconds, which is the least that pg-boss allows.
vi.setConfig({ testTimeout: 60_000 });

const words = Array.from({ length: 40 }, (_, index) => `word${index} `);
const text = words.join('');
const slow = () => background(reply(words, { id: 'resp_1', chunkDelayMs: 100 }));

interface ServerProcess extends Connection, AsyncDisposable {
  kill(): Promise<void>;
}

async function start(address: string, model: ServedModel): Promise<ServerProcess> {
  const program = new URL('server-process.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [program, address, model.baseURL], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  const kill = () => killed(child);
  return { url, token: TOKEN, kill, [Symbol.asyncDispose]: kill };
}

/** As `kill -9` does. */
async function killed(child: ChildProcess): Promise<void> {
  if (child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Reads until so much of the answer is there. Where it was left, and what was read. */
async function readSome(connection: Connection, runId: string): Promise<{ lastEventId: string; read: string }> {
  let [lastEventId, read] = ['', ''];
  for await (const { id, event } of watchRun({ ...connection, runId })) {
    lastEventId = id;
    if (event.type === 'update') read += event.text;
    if (read.includes('word4 ')) break;
  }
  return { lastEventId, read };
}

async function readRest(connection: Connection, runId: string, lastEventId: string): Promise<string> {
  let read = '';
  for await (const { event } of watchRun({ ...connection, runId, lastEventId })) {
    if (event.type === 'session' && event.mode === 'replace') throw new Error('the text begins anew');
    if (event.type === 'update') read += event.text;
  }
  return read;
}

test.skipIf(!hasPostgres)(
  'a run of one process is polled, read from its middle and cancelled through the other',
  { tags: ['postgres'] },
  async () => {
    await using rig = await openPostgresRig();
    await using model = await serveModel(slow());
    await using first = await start(rig.address, model);
    await using second = await start(rig.address, model);

    const { runId } = await startRun(first, { message: 'Count.' });
    const { lastEventId } = await readSome(first, runId);
    const polled = await getRun(second, runId);
    const rest = readRest(second, runId, lastEventId);
    await cancelRun(second, runId);

    expect(polled).toMatchObject({ state: 'in_progress', message: 'Count.' });
    expect(text.startsWith(`word0 word1 word2 word3 word4 ${await rest}`)).toBe(true);
    expect(await getRun(first, runId)).toMatchObject({ state: 'cancelled' });
    expect(wire(model)).toContain('POST /resp_1/cancel');
  },
);

test.skipIf(!hasPostgres).each(['that works on it', 'that was asked for its events'])(
  'the process %s is killed in the middle, and the other one has the whole answer, once',
  { tags: ['postgres'] },
  async (which) => {
    await using rig = await openPostgresRig();
    await using model = await serveModel(slow());
    await using working = await start(rig.address, model);
    const { runId } = await startRun(working, { message: 'Count.', idempotencyKey: 'one' });
    const begun = await readSome(working, runId);
    await using idle = await start(rig.address, model);
    const [dying, staying] = which === 'that works on it' ? [working, idle] : [idle, working];

    await readSome(dying, runId);
    await dying.kill();
    const rest = await readRest(staying, runId, begun.lastEventId);
    const again = await startRun(staying, { message: 'Count.', idempotencyKey: 'one' });

    expect(begun.read + rest).toBe(text);
    expect(again).toMatchObject({ runId, state: 'completed', text });
    const record = await rig.store.runs.get(runId, { owner: 'local' });
    expect(await historyOf(rig.store, record!)).toHaveLength(2);
    expect(posts(model)).toBe(1);
  },
);
