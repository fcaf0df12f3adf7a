// Background runs that wait for approval: decided about over HTTP, by the owner, once.
import { background, callTool, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { framesOf, openRig, type Rig } from '../app-rig.ts';
import { approved, five, paying } from '../paying.ts';
import { problem } from './run-reads.ts';

const asks = background(callTool('pay', [five], { callId: 'call_1' }));

/** A run that waits for approval. */
async function asked(rig: Rig): Promise<string> {
  const { runId } = await (await rig.post('/runs', { message: 'Pay five euros.' })).json();
  await expect.poll(async () => (await (await rig.get(`/runs/${runId}`)).json()).state).toBe('awaiting_approval');
  return runId;
}

test('a decision hands the run to a worker, and its events go on to the end', async () => {
  const { pay, paid } = paying();
  await using rig = await openRig({ agent: { tools: [pay] }, steps: [asks, background(reply('Paid.'))] });
  const runId = await asked(rig);

  const answered = await rig.post(`/runs/${runId}/approvals`, { approvals: approved });
  const events = await framesOf(await rig.get(`/runs/${runId}/events`));

  expect([answered.status, await answered.json()]).toMatchObject([202, { runId, state: 'queued' }]);
  expect(events.map(({ event }) => event)).toEqual(['session', 'tool', 'approval', 'tool', 'update', 'done']);
  expect(paid).toEqual([5]);
});

test('a decision about other calls, of somebody else or on a run that does not wait is refused', async () => {
  const { pay, paid } = paying();
  await using rig = await openRig({
    agent: { tools: [pay] },
    identity: { authenticate: async ({ headers }) => headers.authorization ?? null },
    input: { '/runs': { maxBodyBytes: 1_000 } },
    steps: [asks, background(reply('Paid.'))],
  });
  const path = `/runs/${await asked(rig)}/approvals`;
  const [decision] = approved;

  const refused = [
    await rig.post(path, { approvals: [{ ...decision, arguments: '{"euros": 500}' }] }),
    await rig.post(path, { approvals: [{ ...decision, callId: 'call_2' }] }),
    await rig.post(path, { approvals: [] }),
    await rig.post(path, { approvals: approved, message: 'And?' }),
    await rig.post(path, { approvals: [{ ...decision, arguments: 'x'.repeat(1_000) }] }),
    await rig.post(path, { approvals: approved }, { headers: { authorization: 'eve' } }),
    await rig.post(`/runs/${crypto.randomUUID()}/approvals`, { approvals: approved }),
  ];
  const paidBefore = [...paid];
  const taken = await rig.post(path, { approvals: approved });
  const again = await rig.post(path, { approvals: approved });

  expect(await Promise.all(refused.map(problem))).toEqual([
    [400, 'input_invalid'],
    [400, 'input_invalid'],
    [400, 'input_invalid'],
    [400, 'input_invalid'],
    [413, 'input_invalid'],
    [404, 'not_found'],
    [404, 'not_found'],
  ]);
  expect([paidBefore, taken.status, await problem(again)]).toEqual([[], 202, [409, 'approval_expired']]);
});
