// Tools that need approval, over HTTP: asked in one request, answered in another, by the owner, once.
import { contextProvider, tool } from '@turnstream/core';
import { answer, callTool, httpError, reply } from '@turnstream/testkit';
import { afterEach, expect, test, vi } from 'vitest';
import { type Answer, brief, framesOf, memoryStore, openRig, type Rig } from '../app-rig.ts';
import { approved, five, paying, rejected } from '../paying.ts';

afterEach(() => void vi.useRealTimers());

const asks = answer([reply('I will pay.'), callTool('pay', [five], { callId: 'call_1' })]);
const DAY_MS = 24 * 3_600_000;

/** A chat whose answer waits for approval. */
async function asked(rig: Rig): Promise<string> {
  return (await (await rig.post('/chat', { message: 'Pay five euros.' })).json()).sessionId;
}

async function codeOf(response: Answer): Promise<[status: number, code: string]> {
  return [response.status, (await response.json()).error.code];
}

test('a chat whose model calls a guarded tool says what it wants to do, and runs it once it is approved', async () => {
  const { pay, paid } = paying();
  await using rig = await openRig({ steps: [asks, reply('Paid.')], agent: { tools: [pay] } });
  const startedAtMs = Date.now();

  const first = await (await rig.post('/chat', { message: 'Pay five euros.' })).json();
  const paidBefore = [...paid];
  const { sessionId } = first;
  const session = await (await rig.get(`/sessions/${sessionId}`)).json();
  const second = await rig.post('/chat', { sessionId, approvals: approved });

  const approvals = [{ callId: 'call_1', name: 'pay', arguments: five, expiresAtMs: expect.any(Number) }];
  expect(first).toMatchObject({ status: 'awaiting_approval', text: 'I will pay.', approvals });
  const [{ expiresAtMs }] = (first as unknown as { approvals: [{ expiresAtMs: number }] }).approvals;
  expect(expiresAtMs).toBeGreaterThanOrEqual(startedAtMs + DAY_MS);
  expect(session).toMatchObject({ approvals });
  expect(await second.json()).toMatchObject({ sessionId, status: 'completed', text: 'Paid.', approvals: [] });
  expect([paidBefore, paid]).toEqual([[], [5]]);
  expect(rig.model.requests[1]!.texts).toEqual(['Pay five euros.', 'I will pay.', 'paid 5']);
  expect(await (await rig.get(`/sessions/${sessionId}`)).json()).toMatchObject({ approvals: [] });
});

test('in a stream the request comes before done, and the answer streams what came of it', async () => {
  const { pay, paid } = paying();
  await using rig = await openRig({ steps: [asks, reply('Not paid.')], agent: { tools: [pay] } });

  const first = await framesOf(await rig.post('/chat/stream', { message: 'Pay five euros.' }));
  const sessionId = first[0]!.data['sessionId'];
  const second = await framesOf(await rig.post('/chat/stream', { sessionId, approvals: rejected }));

  expect(brief(first)).toEqual([
    'session "replace"',
    'update "I will pay."',
    'tool "called"',
    'approval undefined',
    'done "awaiting_approval"',
  ]);
  expect(first[3]!.data).toEqual({ callId: 'call_1', name: 'pay', arguments: five, expiresAtMs: expect.any(Number) });
  expect(brief(second)).toEqual(['session "replace"', 'tool "failed"', 'update "Not paid."', 'done "completed"']);
  expect(paid).toEqual([]);
});

test('an answer that does not match what was shown is refused, and the right one still counts', async () => {
  const { pay, paid } = paying();
  await using rig = await openRig({ steps: [asks, reply('Paid.')], agent: { tools: [pay] } });
  const sessionId = await asked(rig);
  const [answered] = approved;

  for (const approvals of [
    [{ ...answered, arguments: '{"euros": 500}' }],
    [{ ...answered, callId: 'call_2' }],
    [...approved, ...approved],
    [],
    [{ ...answered, approved: 'yes' }],
  ]) {
    expect(await codeOf(await rig.post('/chat', { sessionId, approvals }))).toEqual([400, 'input_invalid']);
  }
  for (const body of [
    { sessionId, approvals: approved, message: 'And?' },
    { approvals: approved },
    { approvals: approved, history: [] },
    { sessionId },
  ]) {
    expect(await codeOf(await rig.post('/chat', body))).toEqual([400, 'input_invalid']);
  }

  expect((await rig.post('/chat', { sessionId, approvals: approved })).status).toBe(200);
  expect(paid).toEqual([5]);
});

test('an answer counts once, also when seven come at the same time, and after a restart', async () => {
  const { pay, paid } = paying();
  const store = memoryStore();
  await using before = await openRig({ store, steps: [asks], agent: { tools: [pay] } });
  const sessionId = await asked(before);
  await before.app.close();
  await using rig = await openRig({ store, steps: [reply('Paid.')], agent: { tools: [pay] } });

  const answers = await Promise.all(
    Array.from({ length: 7 }, () => rig.post('/chat', { sessionId, approvals: approved })),
  );
  const again = await rig.post('/chat', { sessionId, approvals: approved });

  const statuses = answers.map(({ status }) => status);
  expect([statuses.filter((status) => status === 200).length, new Set(statuses)]).toEqual([1, new Set([200, 409])]);
  expect(await codeOf(again)).toEqual([409, 'approval_expired']);
  expect(paid).toEqual([5]);
});

test('an answer by somebody else finds no session', async () => {
  const { pay, paid } = paying();
  const store = memoryStore();
  await using rig = await openRig({ store, steps: [asks], agent: { tools: [pay] } });
  const sessionId = await asked(rig);
  await using theirs = await openRig({ store, identity: { authenticate: async () => 'eve' }, agent: { tools: [pay] } });

  const foreign = await theirs.post('/chat', { sessionId, approvals: approved });

  expect(await codeOf(foreign)).toEqual([404, 'not_found']);
  expect(paid).toEqual([]);
});

test('what is asked instead of an answer gives the calls up, and so does their time', async () => {
  const { pay, paid } = paying();
  await using rig = await openRig({
    steps: [asks, reply('All right.'), asks],
    agent: { tools: [pay] },
    ceilings: { approvalMs: 60_000 },
  });
  const sessionId = await asked(rig);

  await rig.post('/chat', { sessionId, message: 'Never mind.' });
  const superseded = await rig.post('/chat', { sessionId, approvals: approved });
  await rig.post('/chat', { sessionId, message: 'Pay after all.' });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
  const late = await rig.post('/chat', { sessionId, approvals: approved });

  expect([await codeOf(superseded), await codeOf(late)]).toEqual([
    [409, 'approval_expired'],
    [409, 'approval_expired'],
  ]);
  expect(paid).toEqual([]);
});

test('a turn that is refused before anything ran leaves the calls waiting', async () => {
  const entered = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const wait = tool({
    name: 'wait',
    description: 'Waits.',
    execute: async () => {
      entered.resolve();
      await release.promise;
      return 'waited';
    },
  });
  const { pay, paid } = paying();
  const steps = [asks, callTool('wait', {}), reply('Waited.'), reply('Paid.')];
  await using rig = await openRig({ steps, agent: { tools: [pay, wait] }, ceilings: { streamsPerUser: 1 } });
  const sessionId = await asked(rig);
  const other = rig.post('/chat', { message: 'Wait.' });
  await entered.promise;

  const refused = await rig.post('/chat', { sessionId, approvals: approved });
  release.resolve();
  await other;
  const taken = await rig.post('/chat', { sessionId, approvals: approved });

  expect([await codeOf(refused), taken.status, paid]).toEqual([[429, 'rate_limited'], 200, [5]]);
});

test('an answer that fails after the approval was used says so, and is not retried with it', async () => {
  const { pay, paid } = paying();
  const fails = httpError(500, { message: 'overheated' });
  await using rig = await openRig({ steps: [asks, asks, fails, fails], agent: { tools: [pay] } });
  const [first, second] = [await asked(rig), await asked(rig)];

  const whole = await rig.post('/chat', { sessionId: first, approvals: approved });
  const streamed = await framesOf(await rig.post('/chat/stream', { sessionId: second, approvals: approved }));
  const again = await rig.post('/chat', { sessionId: first, approvals: approved });

  const words = expect.stringContaining('The approval was used');
  expect([whole.status, (await whole.json()).error]).toEqual([502, expect.objectContaining({ message: words })]);
  expect(streamed.at(-1)).toMatchObject({ event: 'error', data: { message: words, retryable: false } });
  expect(await codeOf(again)).toEqual([409, 'approval_expired']);
  expect(paid).toEqual([5, 5]);
});

test('a chat without a session cannot wait for approval, and says so', async () => {
  const { pay, paid } = paying();
  await using rig = await openRig({ steps: [asks, asks], agent: { tools: [pay] } });
  const body = { message: 'Pay five euros.', history: [] };

  const whole = await rig.post('/chat', body);
  const streamed = await framesOf(await rig.post('/chat/stream', body));

  const message = expect.stringContaining('needs approval');
  expect([whole.status, (await whole.json()).error]).toEqual([
    400,
    { code: 'input_invalid', message, requestId: expect.any(String) },
  ]);
  expect(streamed.at(-1)).toMatchObject({ event: 'error', data: { code: 'input_invalid', message, retryable: false } });
  expect(paid).toEqual([]);
});

test('a tool that middleware adds to a run asks like one of the agent', async () => {
  const { pay, paid } = paying();
  const middleware = [contextProvider({ provide: () => ({ tools: [pay] }) })];
  await using rig = await openRig({ steps: [asks, reply('Paid.')], agent: { middleware } });
  const sessionId = await asked(rig);

  const answered = await rig.post('/chat', { sessionId, approvals: approved });

  expect([answered.status, paid]).toEqual([200, [5]]);
});
