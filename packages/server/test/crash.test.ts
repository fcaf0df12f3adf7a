// A worker that is killed at any moment loses nothing, and costs a second model call at one moment only.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { background, reply, serveModel } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { isTerminal } from '../src/wire.ts';
import { ask, deliver, eventsOf, historyOf, joined, letters, openStore, posts, text } from './worker-rig.ts';

const child = new URL('crash-child.ts', import.meta.url).pathname;

test.each([
  ['after claim', 1],
  ['before record', 2],
  ['after record', 1],
  ['after record 3', 1],
  ['before finish', 1],
  ['after finish', 1],
])('killed %s, the run is finished by the next worker, with %i model calls in all', async (moment, calls) => {
  await using model = await serveModel(
    ...Array.from({ length: calls }, () => background(reply(letters), { looks: [] })),
  );
  const folder = await mkdtemp(join(tmpdir(), 'crash-'));
  const path = join(folder, 'runs.db');
  const run = await ask(openStore(path));

  const worker = spawn(process.execPath, [child, path, model.baseURL, run.runId, moment], { stdio: 'inherit' });
  const [, signal] = await once(worker, 'exit');
  const store = openStore(path);
  await deliver(store, model, run);

  const events = await eventsOf(store, run);
  expect(signal).toBe('SIGKILL');
  expect([joined(events), events.filter(isTerminal).length]).toEqual([text, 1]);
  expect(await historyOf(store, run)).toHaveLength(2);
  expect(posts(model)).toBe(calls);
  await rm(folder, { recursive: true });
});
