// The two ends of the wire together: our client on our server.
import { answer, background, callTool, reply, stallAfter } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { answerRun, answerTo, getRun, startRun, streamChat, watchRun } from '../../src/client/index.ts';
import { openRig, type Rig, TOKEN } from '../app-rig.ts';
import { five, paying } from '../paying.ts';

test('two turns of one session, word by word', async () => {
  await using rig = await openRig({ steps: [reply(['A lang', 'uage.']), reply('1991')] });
  const first = await Array.fromAsync(streamChat({ ...at(rig), message: 'What is Python?' }));
  const sessionId = first.flatMap((event) => (event.type === 'session' ? (event.sessionId ?? []) : []))[0];

  const second = await Array.fromAsync(streamChat({ ...at(rig), message: 'How old is it?', sessionId }));

  expect(first.map((event) => (event.type === 'update' ? event.text : event.type))).toEqual([
    'session',
    'A lang',
    'uage.',
    'done',
  ]);
  expect(second.filter(({ type }) => type === 'update')).toEqual([{ type: 'update', text: '1991' }]);
  expect(rig.model.requests[1]!.texts).toEqual(['What is Python?', 'A language.', 'How old is it?']);
});

test('leaving closes the connection of the model', async () => {
  await using rig = await openRig({ steps: [reply(['A', 'B'], { fault: stallAfter({ chunks: 1 }) })] });

  for await (const { type } of streamChat({ ...at(rig), message: 'Go' })) if (type === 'update') break;

  const [request] = rig.model.requests;
  await request!.closed;
  expect(request!.closedEarly).toBe(true);
});

test('a refusal of the server is the same error at the other end', async () => {
  await using rig = await openRig();

  const reading = Array.fromAsync(streamChat({ ...at(rig), message: 'Go', sessionId: crypto.randomUUID() }));

  await expect(reading).rejects.toMatchObject({ code: 'not_found', status: 404 });
});

test('a run is begun once, and watched from any of its events', async () => {
  await using rig = await openRig({ steps: [background(reply(['Alpha ', 'beta.']))] });
  const options = { message: 'Report', idempotencyKey: 'one' };
  const [{ runId }, again] = [await startRun(at(rig), options), await startRun(at(rig), options)];

  const whole = await Array.fromAsync(watchRun({ ...at(rig), runId }));

  expect(again.runId).toBe(runId);
  expect(whole.at(-1)!.event).toMatchObject({ type: 'done', status: 'completed' });
  for (const [index, { id }] of whole.slice(0, -1).entries()) {
    const rest = await Array.fromAsync(watchRun({ ...at(rig), runId, lastEventId: id }));
    expect(rest.slice(1)).toEqual(whole.slice(index + 1));
  }
});

const asks = answer([reply('I will pay. '), callTool('pay', [five], { callId: 'call_1' })]);

test('a chat that asks for approval is answered in the next request', async () => {
  const { pay, paid } = paying();
  await using rig = await openRig({ steps: [asks, reply('Paid.')], agent: { tools: [pay] } });
  const first = await Array.fromAsync(streamChat({ ...at(rig), message: 'Pay.' }));
  const sessionId = first.flatMap((event) => (event.type === 'session' ? (event.sessionId ?? []) : []))[0]!;
  const asked = first.filter((event) => event.type === 'approval');

  const approvals = asked.map((each) => answerTo(each, true));
  const second = await Array.fromAsync(streamChat({ ...at(rig), sessionId, approvals }));

  expect(asked).toEqual([
    { type: 'approval', callId: 'call_1', name: 'pay', arguments: five, expiresAtMs: expect.any(Number) },
  ]);
  expect(first.at(-1)).toMatchObject({ type: 'done', status: 'awaiting_approval' });
  expect(second.map((event) => (event.type === 'update' ? event.text : event.type))).toEqual([
    'session',
    'tool',
    'Paid.',
    'done',
  ]);
  expect(paid).toEqual([5]);
});

test('a run that asks for approval keeps its stream open, and goes on there when it is answered', async () => {
  const { pay, paid } = paying();
  const steps = [background(asks), background(reply('Paid.'))];
  await using rig = await openRig({ steps, agent: { tools: [pay] } });
  const { runId, sessionId } = await startRun(at(rig), { message: 'Pay.' });

  let [text, waited] = ['', ''];
  for await (const { event } of watchRun({ ...at(rig), runId })) {
    if (event.type === 'update') text += event.text;
    if (event.type !== 'approval') continue;
    const { state, approvals, askedAtMs } = await getRun(at(rig), runId);
    waited = state;
    expect(approvals).toEqual([{ callId: 'call_1', name: 'pay', arguments: five, expiresAtMs: event.expiresAtMs }]);
    expect(askedAtMs).toEqual(expect.any(Number));
    const through = rig.post('/chat', { sessionId, approvals: [answerTo(event, true)] });
    expect((await through).status).toBe(400);
    await answerRun(at(rig), runId, [answerTo(event, true)]);
  }

  expect([waited, text, paid]).toEqual(['awaiting_approval', 'I will pay. Paid.', [5]]);
  const again = answerRun(at(rig), runId, [{ callId: 'call_1', arguments: five, approved: true }]);
  await expect(again).rejects.toMatchObject({ code: 'approval_expired', status: 409 });
  const unknown = answerRun(at(rig), crypto.randomUUID(), [{ callId: 'call_1', arguments: five, approved: true }]);
  await expect(unknown).rejects.toMatchObject({ code: 'not_found' });
});

function at({ url }: Rig) {
  return { url, token: TOKEN };
}
