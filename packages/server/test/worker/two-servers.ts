// Two server processes on one Postgres, and a model whose words come when the test lets them.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { background, reply, type ServedModel, serveModel, TestClock } from '@turnstream/testkit';
import { expect } from 'vitest';
import { type Connection, startRun, watchRun } from '../../src/client/index.ts';
import { TOKEN } from '../app-rig.ts';
import { openPostgresRig, type PostgresRig } from '../store/postgres-rig.ts';
import { historyOf, posts } from './rig.ts';

const WORD_MS = 100;
const words = Array.from({ length: 40 }, (_, index) => `word${index} `);
export const text: string = words.join('');

export interface ServerProcess extends Connection, AsyncDisposable {
  kill(): Promise<void>;
}

export interface TwoServers extends AsyncDisposable {
  readonly rig: PostgresRig;
  readonly model: ServedModel;
  /** A server process, up and listening. */
  start(): Promise<ServerProcess>;
  /** Once the model was asked, it says its next words. */
  say(count: number): Promise<void>;
}

export async function twoServers(): Promise<TwoServers> {
  await using opened = new AsyncDisposableStack();
  const clock = new TestClock();
  const rig = opened.use(await openPostgresRig());
  const model = opened.use(
    await serveModel(background(reply(words, { id: 'resp_1', chunkDelayMs: WORD_MS }), { clock })),
  );
  const all = opened.move();
  return {
    rig,
    model,
    start: async () => all.use(await start(rig.address, model)),
    async say(count) {
      await expect.poll(() => model.requests.length).toBeGreaterThan(0);
      clock.advance(count * WORD_MS);
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
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

/** Reads until `word4` is there. Where it was left, and what was read. */
export async function readSome(connection: Connection, runId: string): Promise<{ lastEventId: string; read: string }> {
  let [lastEventId, read] = ['', ''];
  for await (const { id, event } of watchRun({ ...connection, runId })) {
    lastEventId = id;
    if (event.type === 'update') read += event.text;
    if (read.includes('word4 ')) break;
  }
  return { lastEventId, read };
}

export async function readRest(connection: Connection, runId: string, lastEventId: string): Promise<string> {
  let read = '';
  for await (const { event } of watchRun({ ...connection, runId, lastEventId })) {
    if (event.type === 'session' && event.mode === 'replace') throw new Error('the text begins anew');
    if (event.type === 'update') read += event.text;
  }
  return read;
}

/** Kills one of the processes in the middle of an answer, and expects the whole of it from the other. */
export async function expectSurvival(which: 'that works on it' | 'that was asked for its events'): Promise<void> {
  await using servers = await twoServers();
  const working = await servers.start();
  const { runId } = await startRun(working, { message: 'Count.', idempotencyKey: 'one' });
  await servers.say(5);
  const begun = await readSome(working, runId);
  const idle = await servers.start();
  const [dying, staying] = which === 'that works on it' ? [working, idle] : [idle, working];

  await readSome(dying, runId);
  await dying.kill();
  await servers.say(words.length);
  const rest = await readRest(staying, runId, begun.lastEventId);
  const again = await startRun(staying, { message: 'Count.', idempotencyKey: 'one' });

  expect(begun.read + rest).toBe(text);
  expect(again).toMatchObject({ runId, state: 'completed', text });
  const { store } = servers.rig;
  const record = await store.runs.get(runId, { owner: 'local' });
  expect(await historyOf(store, record!)).toHaveLength(2);
  expect(posts(servers.model)).toBe(1);
}
