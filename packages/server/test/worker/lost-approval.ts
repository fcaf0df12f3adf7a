// A run that asks for approval and whose worker is lost, before it asks or after it was approved.
import { answer, background, callTool, reply, serveModel } from '@turnstream/testkit';
import { expect } from 'vitest';
import type { RunRecord } from '../../src/store/run-record.ts';
import { approved, five, type Paying, paying } from '../paying.ts';
import type { StoreRig } from '../store/fixtures.ts';
import { ask, deliver, eventsOf, joined, OWNER, posts, recordOf } from './rig.ts';

type Rig = Required<StoreRig>;
type Model = { readonly baseURL: string };

export interface Loss {
  readonly worker: 'that asks' | 'that was approved';
  readonly moment: string;
  /** Model calls in all. */
  readonly calls: number;
  /** How the run ends: it fails where nobody can tell whether what was approved has run. */
  readonly state: 'completed' | 'failed';
  /** How often the approved call ran. */
  readonly paid: number;
}

const whole = { state: 'completed', paid: 1 } as const;

export const losses: readonly Loss[] = [
  { worker: 'that asks', moment: 'after claim', calls: 2, ...whole },
  { worker: 'that asks', moment: 'before record', calls: 3, ...whole },
  { worker: 'that asks', moment: 'after record', calls: 2, ...whole },
  { worker: 'that asks', moment: 'before park', calls: 2, ...whole },
  { worker: 'that asks', moment: 'after park', calls: 2, ...whole },
  { worker: 'that was approved', moment: 'after claim', calls: 2, ...whole },
  { worker: 'that was approved', moment: 'before useConsent', calls: 2, ...whole },
  { worker: 'that was approved', moment: 'after useConsent', calls: 1, state: 'failed', paid: 0 },
  { worker: 'that was approved', moment: 'before record', calls: 2, state: 'failed', paid: 1 },
  { worker: 'that was approved', moment: 'after record', calls: 2, ...whole },
  { worker: 'that was approved', moment: 'before finish', calls: 2, ...whole },
  { worker: 'that was approved', moment: 'after finish', calls: 2, ...whole },
];

/** Loses a worker, and expects that what was approved has run at most once, and that nothing is sent twice. */
export async function expectPaidOnce(
  open: () => Promise<Rig>,
  { worker, calls, state, paid }: Loss,
  /** Resolves with what the lost worker paid that `paying` does not know of. */
  lose: (rig: Rig, model: Model, run: RunRecord, paying: Paying) => Promise<number>,
): Promise<void> {
  const asks = background(answer([reply('I will pay. '), callTool('pay', [five], { callId: 'call_1' })]), {
    looks: [],
  });
  const asked = calls === 3 ? [asks, asks] : [asks];
  const told = calls === 1 ? [] : [background(reply('Paid.'), { looks: [] })];
  await using model = await serveModel(...asked, ...told);
  await using rig = await open();
  const run = await ask(rig.store);
  const till = paying();
  const work = async (): Promise<void> =>
    void (await deliver(await rig.reopen(), model, run, { with: { tools: [till.pay] } }));

  let paidByTheLost = 0;

  if (worker === 'that asks') paidByTheLost = await lose(rig, model, run, till);
  await work();
  await rig.store.runs.answerRun(run.runId, { owner: OWNER }, approved);
  if (worker === 'that was approved') paidByTheLost = await lose(rig, model, run, till);
  await work();

  const record = await recordOf(rig.store, run);
  const message = expect.stringContaining('The approval was used');
  expect(record).toMatchObject({ state, end: state === 'failed' ? { code: 'server_error', message } : {} });
  expect(till.paid.length + paidByTheLost).toBe(paid);
  expect(joined(await eventsOf(rig.store, run))).toBe(state === 'failed' ? 'I will pay. ' : 'I will pay. Paid.');
  expect(posts(model)).toBe(calls);
}
