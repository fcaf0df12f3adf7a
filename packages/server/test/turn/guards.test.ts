// Guards through the real route and real sockets, with a silent, a dripping and a flooding model. What counts is what
// the model saw of its connection, and what the history has afterwards. Clocks stand still until the model was asked.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { chatUpdate } from '@turnstream/core/seams';
import { floodAfter, reply, stallAfter } from '@turnstream/testkit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { brief, type Frame, frames, framesOf, openRig, type Rig, TOKEN } from '../app-rig.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
});
afterEach(() => void vi.useRealTimers());

const silent = reply('never', { fault: stallAfter({ frames: 0 }) });
const stuck = reply(['A ', 'B ', 'C'], { fault: stallAfter({ chunks: 2 }) });
const dripping = reply(
  Array.from({ length: 100 }, () => 'drip '),
  { chunkDelayMs: 20 },
);
const flooding = reply(['A', 'B'], { fault: floodAfter({ chunks: 1 }, { bytes: 8_000_000 }) });

/** 24 MB in few frames, because the sockets of both connections buffer some megabytes. */
const endless = reply(Array(600).fill('x'.repeat(40_000)), { usage: null });
const roomy = { maxBytes: 1e9, firstUpdateMs: 60_000, idleMs: 60_000 };

const cases = [
  ['first_update_timeout', 'silent', silent, { firstUpdateMs: 500 }, 500],
  ['idle_timeout', 'stuck', stuck, { idleMs: 300 }, 300],
  ['total_timeout', 'silent', silent, { totalMs: 500 }, 500],
  ['total_timeout', 'dripping', dripping, { totalMs: 700 }, 700],
  ['max_bytes', 'dripping', dripping, { maxBytes: 12 }, 100],
  ['max_bytes', 'flooding', flooding, { maxBytes: 20_000 }, 0],
] as const;

test.each(cases)(
  '%s ends the stream of a %s model, and closes its connection',
  async (code, kind, step, guards, passMs) => {
    await using rig = await openRig({ steps: [step], guards });

    const reading = frames(await rig.post('/chat/stream', { message: 'Go' }));
    const begun = await beginning(reading, rig, { silent: 1, stuck: 3, dripping: 2, flooding: 1 }[kind]);
    await vi.advanceTimersByTimeAsync(passMs);
    const all = [...begun, ...(await Array.fromAsync(reading))];

    const [request] = rig.model.requests;
    await request!.closed;
    expect(all.at(-1)).toMatchObject({ event: 'error', data: { code } });
    expect(all.filter(({ event }) => event === 'error' || event === 'done')).toHaveLength(1);
    expect(request).toMatchObject({ closedEarly: true, bytesAfterLeaving: 0 });
    expect(await messagesOf(rig, all[0]!.data['sessionId'])).toEqual([]);
  },
);

test('a model that has begun to reason is not cut off before its first word', async () => {
  const thinks = Promise.withResolvers<void>();
  const thought = Promise.withResolvers<void>();
  async function* answer() {
    yield chatUpdate({ isWorking: true });
    thinks.resolve();
    await thought.promise;
    yield chatUpdate({ role: 'assistant', contents: [{ type: 'text', text: '42' }] });
    yield chatUpdate({ finishReason: 'stop' });
  }
  await using rig = await openRig({ agent: { client: { send: answer } } });

  const reading = framesOf(await rig.post('/chat/stream', { message: 'Think.' }));
  await thinks.promise;
  await vi.advanceTimersByTimeAsync(8_000);
  thought.resolve();

  expect(brief(await reading)).toEqual(['session "replace"', 'update "42"', 'done "completed"']);
});

test('no guard writes into the answer, and exactly as many bytes as allowed still pass', async () => {
  await using rig = await openRig({ steps: [reply(['12345', '67890', 'x'])], guards: { maxBytes: 10 } });

  const all = await framesOf(await rig.post('/chat/stream', { message: 'Go' }));

  expect(brief(all)).toEqual(['session "replace"', 'update "12345"', 'update "67890"', 'error "max_bytes"']);
});

test('a guard on the way to a whole answer is a 504', async () => {
  await using rig = await openRig({ steps: [silent], guards: { totalMs: 500 } });

  const asked = rig.post('/chat', { message: 'Go' });
  await expect.poll(() => rig.model.requests.length).toBe(1);
  await vi.advanceTimersByTimeAsync(500);
  const response = await asked;

  expect([response.status, (await response.json()).error.code]).toEqual([504, 'total_timeout']);
  await rig.model.requests[0]!.closed;
  expect(rig.model.requests[0]!.closedEarly).toBe(true);
});

test.each([
  ['before the first word', silent, 'session'],
  ['in the middle of the answer', stuck, 'update'],
])('a reader that leaves %s closes the connection of the model', async (_when, step, last) => {
  await using rig = await openRig({ steps: [step] });
  const reading = frames(await rig.post('/chat/stream', { message: 'Go' }));
  const { sessionId } = (await reading.next()).value!.data;
  if (last === 'update') await reading.next();
  await expect.poll(() => rig.model.requests.length).toBe(1);

  await reading.return(undefined);

  const [request] = rig.model.requests;
  await request!.closed;
  expect(request).toMatchObject({ closedEarly: true, bytesAfterLeaving: 0 });
  rig.model.add(reply('Free.'));
  await expect.poll(async () => (await rig.post('/chat', { message: 'Again', sessionId })).status).toBe(200);
  expect(rig.model.requests[1]!.texts).toEqual(['Again']);
});

test('a requester of a whole answer that leaves closes the connection of the model', async () => {
  await using rig = await openRig({ steps: [silent] });
  const leaving = new AbortController();
  const asked = rig.post('/chat', { message: 'Go' }, { signal: leaving.signal });
  asked.catch(() => {});
  await expect.poll(() => rig.model.requests.length).toBe(1);

  leaving.abort();

  await rig.model.requests[0]!.closed;
  expect(rig.model.requests[0]!.closedEarly).toBe(true);
});

test("with onIncomplete 'keep' the part that was delivered is remembered and marked", async () => {
  await using rig = await openRig({ agent: { onIncomplete: 'keep' }, steps: [stuck], guards: { idleMs: 300 } });

  const reading = frames(await rig.post('/chat/stream', { message: 'Go' }));
  const [session] = await beginning(reading, rig, 3);
  await vi.advanceTimersByTimeAsync(300);
  await Array.fromAsync(reading);

  expect(await messagesOf(rig, session!.data['sessionId'])).toEqual([
    { role: 'user', text: 'Go', status: null, turn: 0 },
    { role: 'assistant', text: 'A B ', status: 'failed', turn: 0 },
  ]);
});

test('a reader that takes nothing stops the model, and is cut after its time', async () => {
  await using rig = await openRig({ steps: [endless], guards: roomy, ceilings: { stalledReaderMs: 300 } });
  using stalled = await askAndStall(rig);

  await expect.poll(() => stalled.isBlocked()).toBe(true);
  await vi.advanceTimersByTimeAsync(300);

  const [request] = rig.model.requests;
  await request!.closed;
  expect(request!.closedEarly).toBe(true);
  expect(request!.bytesSent).toBeLessThan(20_000_000);
  await expect.poll(() => rig.log.some((line) => line.includes('"by":"reader_too_slow"'))).toBe(true);
  await expect.poll(() => promisify(rig.app.server.getConnections.bind(rig.app.server))()).toBe(0);
});

test('silence is filled with comments, which feed no deadline', async () => {
  await using rig = await openRig({ steps: [silent], guards: { firstUpdateMs: 300 }, ceilings: { keepAliveMs: 50 } });

  const response = await rig.post('/chat/stream', { message: 'Go' });
  await expect.poll(() => rig.model.requests.length).toBe(1);
  await vi.advanceTimersByTimeAsync(300);
  const text = await response.text();

  expect(text.match(/^: keep-alive$/gm)!.length).toBeGreaterThan(1);
  expect(text).toContain('"code":"first_update_timeout"');
});

test('a server that goes away waits a second for a reader that takes nothing, not its half minute', async () => {
  // Responses would send all of the text again at its end.
  await using rig = await openRig({ api: 'chat_completions', steps: [endless], guards: roomy });
  using stalled = await askAndStall(rig);
  await expect.poll(() => stalled.isBlocked()).toBe(true);

  const closing = rig.app.close();
  await vi.advanceTimersByTimeAsync(1_000);
  await closing;

  await rig.model.requests[0]!.closed;
  expect(rig.model.requests[0]!.closedEarly).toBe(true);
});

test('a server that goes away gives open streams a last event, and closes the connection of the model', async () => {
  await using rig = await openRig({ steps: [stuck] });
  const response = await rig.post('/chat/stream', { message: 'Go' });
  const reading = frames(response);
  await reading.next();
  await reading.next();

  const closing = rig.app.close();

  expect(brief(await Array.fromAsync(reading)).at(-1)).toBe('error "server_stopping"');
  await closing;
  await rig.model.requests[0]!.closed;
  expect(rig.model.requests[0]!.closedEarly).toBe(true);
});

async function messagesOf(rig: Rig, sessionId: unknown): Promise<unknown> {
  return (await (await rig.get(`/sessions/${String(sessionId)}`)).json()).messages;
}

/** So many frames, and the model has been asked. */
async function beginning(reading: AsyncIterator<Frame>, { model }: Rig, count: number): Promise<readonly Frame[]> {
  const begun: Frame[] = [];
  while (begun.length < count) begun.push((await reading.next()).value as Frame);
  await expect.poll(() => model.requests.length).toBe(1);
  return begun;
}

/** A reader that asks and then never reads. */
async function askAndStall({ url, app }: Rig): Promise<Disposable & { readonly isBlocked: () => boolean }> {
  const accepted = once(app.server, 'connection') as Promise<[Socket]>;
  const { port } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => {});
  const body = JSON.stringify({ message: 'Go' });
  socket.write(
    `POST /chat/stream HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${TOKEN}\r\n` +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  socket.pause();
  const [atServer] = await accepted;
  return { isBlocked: () => atServer.writableNeedDrain, [Symbol.dispose]: () => void socket.destroy() };
}
