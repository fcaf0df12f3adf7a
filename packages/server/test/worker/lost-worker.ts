// A run whose worker is lost, and what the next worker makes of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { background, reply, serveModel } from '@turnstream/testkit';
import { expect } from 'vitest';
import { isTerminal } from '../../src/events/wire.ts';
import type { RunRecord } from '../../src/store/run-record.ts';
import type { StoreRig } from '../store/fixtures.ts';
import { ask, deliver, eventsOf, historyOf, joined, letters, posts, text } from './rig.ts';

/** Where a worker can be lost, and how many model calls the run then takes in all. */
export const moments: readonly (readonly [moment: string, calls: number])[] = [
  ['after claim', 1],
  ['before record', 2],
  ['after record', 1],
  ['after record 3', 1],
  ['before finish', 1],
  ['after finish', 1],
];

type Rig = Required<StoreRig>;
type Model = { readonly baseURL: string };

/** Loses a worker, and expects that the next one finishes the run: nothing is missing, twice, or paid for twice. */
export async function expectWholeRun(
  open: () => Promise<Rig>,
  calls: number,
  lose: (rig: Rig, model: Model, run: RunRecord) => Promise<void>,
): Promise<void> {
  const steps = Array.from({ length: calls }, () => background(reply(letters), { looks: [] }));
  await using model = await serveModel(...steps);
  await using rig = await open();
  const run = await ask(rig.store);

  await lose(rig, model, run);
  const store = await rig.reopen();
  await deliver(store, model, run);

  const events = await eventsOf(store, run);
  expect([joined(events), events.filter(isTerminal).length]).toEqual([text, 1]);
  expect(await historyOf(store, run)).toHaveLength(2);
  expect(posts(model)).toBe(calls);
}

const child = new URL('crash-child.ts', import.meta.url).pathname;

/** A worker in a process of its own, which kills itself. */
export async function killWorker(
  { address }: Rig,
  { baseURL }: Model,
  run: RunRecord,
  ...momentAndTill: readonly [moment: string] | readonly [moment: string, till: string]
): Promise<void> {
  const args = [child, address, baseURL, run.runId, ...momentAndTill];
  const [, signal] = await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'exit');
  expect(signal).toBe('SIGKILL');
}
