// A background run that needs approval: it waits without a worker, goes on with the answer, and runs what was approved once.
import { answer, background, callTool, httpError, reply, serveModel } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import type { ApprovalAnswer } from '../../src/store/approvals.ts';
import type { RunRecord } from '../../src/store/run-record.ts';
import type { ServerStore } from '../../src/store/run-store.ts';
import { approved, five, paying, rejected } from '../paying.ts';
import { ask, deliver, eventsOf, historyOf, joined, OWNER, openStore, posts, recordOf } from './rig.ts';

const asks = (text: string, callId = 'call_1') =>
  background(answer([reply(text), callTool('pay', [five], { callId })]), { looks: [] });

function answerWith({ runs }: ServerStore, { runId }: RunRecord, answers: readonly ApprovalAnswer[]): Promise<unknown> {
  return runs.answerRun(runId, { owner: OWNER }, answers);
}

test('a run waits with its calls, holds no worker, and ends when they are approved', async () => {
  await using model = await serveModel(asks('I will pay. '), background(reply('Paid.'), { looks: [] }));
  const store = openStore();
  const run = await ask(store, 'Pay five euros.');
  const { pay, paid } = paying();

  const parked = await deliver(store, model, run, { with: { tools: [pay] } });
  const waiting = await recordOf(store, run);
  const idle = await deliver(store, model, run, { with: { tools: [pay] } });
  const paidBefore = [...paid];
  await answerWith(store, run, approved);
  await deliver(store, model, run, { with: { tools: [pay] } });

  expect([parked, idle, paidBefore, paid]).toEqual([null, null, [], [5]]);
  const calls = [{ callId: 'call_1', name: 'pay', arguments: five }];
  expect(waiting).toMatchObject({ state: 'awaiting_approval', text: 'I will pay. ', approvals: { calls } });
  const { expiresAtMs } = waiting.approvals!;
  expect(await eventsOf(store, run)).toEqual([
    expect.objectContaining({ type: 'session' }),
    { type: 'update', text: 'I will pay. ' },
    { type: 'tool', callId: 'call_1', name: 'pay', status: 'called' },
    { type: 'approval', callId: 'call_1', name: 'pay', arguments: five, expiresAtMs },
    { type: 'tool', callId: 'call_1', name: 'pay', status: 'done' },
    { type: 'update', text: 'Paid.' },
    expect.objectContaining({ type: 'done', status: 'completed' }),
  ]);
  expect(await recordOf(store, run)).toMatchObject({ state: 'completed', text: 'I will pay. Paid.', approvals: null });
  expect((await historyOf(store, run)).map(([role]) => role)).toEqual(['user', 'assistant', 'tool', 'assistant']);
});

test('a run that is rejected goes on without the call, and may ask again', async () => {
  await using model = await serveModel(
    asks('First. '),
    asks('Second. ', 'call_2'),
    background(reply('Nothing was paid.'), { looks: [] }),
  );
  const store = openStore();
  const run = await ask(store);
  const { pay, paid } = paying();
  const work = () => deliver(store, model, run, { with: { tools: [pay] } });

  await work();
  await answerWith(store, run, rejected);
  await work();
  await answerWith(store, run, [{ ...rejected[0]!, callId: 'call_2' }]);
  await work();

  expect(paid).toEqual([]);
  expect(joined(await eventsOf(store, run))).toBe('First. Second. Nothing was paid.');
  expect(await recordOf(store, run)).toMatchObject({ state: 'completed', text: 'First. Second. Nothing was paid.' });
});

test('a service that refuses after an approval was used ends the run, and nothing is paid again', async () => {
  const busy = httpError(429, { message: 'slow down' });
  await using model = await serveModel(asks(''), busy);
  const store = openStore();
  const run = await ask(store);
  const { pay, paid } = paying();
  await deliver(store, model, run, { with: { tools: [pay] } });
  await answerWith(store, run, approved);

  const again = await deliver(store, model, run, { with: { tools: [pay] } });

  expect([again, paid]).toEqual([null, [5]]);
  const message = expect.stringContaining('The approval was used');
  expect((await recordOf(store, run)).end).toMatchObject({ code: 'rate_limited', message, retryable: false });
});

test('a service that refuses after a rejection is asked again later', async () => {
  const busy = httpError(429, { message: 'slow down' });
  await using model = await serveModel(asks(''), busy, background(reply('All right.'), { looks: [] }));
  const store = openStore();
  const run = await ask(store);
  const { pay } = paying();
  await deliver(store, model, run, { with: { tools: [pay] } });
  await answerWith(store, run, rejected);

  const again = await deliver(store, model, run, { with: { tools: [pay] } });
  await deliver(store, model, run, { with: { tools: [pay] } });

  expect(again).toBeGreaterThan(0);
  expect(await recordOf(store, run)).toMatchObject({ state: 'completed', text: 'All right.' });
});

test('a turn that comes between the approval and the worker ends the run, and nothing is paid', async () => {
  await using model = await serveModel(asks(''));
  const store = openStore();
  const run = await ask(store);
  const { pay, paid } = paying();
  await deliver(store, model, run, { with: { tools: [pay] } });
  await answerWith(store, run, approved);
  const hello = [{ role: 'user', contents: 'Hello.' } as const, { role: 'assistant', contents: 'Hello.' } as const];
  await store.runs.appendTurn(run, { owner: OWNER }, hello, 1);

  await deliver(store, model, run, { with: { tools: [pay] } });

  expect((await recordOf(store, run)).end).toMatchObject({
    code: 'approval_expired',
    message: expect.stringContaining('Another turn was added'),
  });
  expect(paid).toEqual([]);
});

test('the time that a run waited does not count as its own', async () => {
  await using model = await serveModel(asks(''), background(reply('Paid.'), { looks: [] }));
  const store = openStore();
  const run = await ask(store);
  const { pay } = paying();
  await deliver(store, model, run, { with: { tools: [pay] } });
  await answerWith(store, run, approved);
  const load = store.runs.claim.bind(store.runs);
  store.runs.claim = async (runId) => {
    const taken = (await load(runId))!;
    return { ...taken, run: { ...taken.run, createdAtMs: taken.run.createdAtMs - 2 * 3_600_000 } };
  };

  await deliver(store, model, run, { with: { tools: [pay] } });

  expect(await recordOf(store, run)).toMatchObject({ state: 'completed' });
  expect(posts(model)).toBe(2);
});
