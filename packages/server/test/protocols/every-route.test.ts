// Every protocol route has the guards, limits and redaction of the server's own stream.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { httpError, reply, stallAfter } from '@turnstream/testkit';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Rig, TOKEN } from '../app-rig.ts';
import { sharedRig } from '../shared-rig.ts';
import { endsOf, openFor, type Payload, payloads, type Spoken, said, spoken } from './spoken.ts';

afterEach(() => void vi.useRealTimers());

const silent = reply('never', { fault: stallAfter({ frames: 0 }) });
const stuck = reply(['A ', 'B ', 'C'], { fault: stallAfter({ chunks: 1 }) });
/** 12 MB in few frames, because the sockets buffer some megabytes. */
const endless = reply(Array(300).fill('x'.repeat(40_000)), { usage: null });
const roomy = { maxBytes: 1e9, firstUpdateMs: 60_000, idleMs: 60_000 };

describe.each(Object.entries(spoken))('In %s protocol', (_name, protocol) => {
  const shared = sharedRig(protocol.options);

  test('a whole answer has its text, one end mark, and no error', async () => {
    const rig = shared();
    rig.model.add(reply(['A lang', 'uage.']));

    const response = await rig.post(protocol.path, protocol.ask('What is Python?'));
    const all = await Array.fromAsync(payloads(response));

    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store, no-transform');
    expect(said(protocol, all)).toBe('A language.');
    expect(endsOf(protocol, all)).toEqual(['end']);
  });

  test('a request without a token is refused before its body is read', async () => {
    const response = await shared().post(protocol.path, { nonsense: true }, { headers: { authorization: '' } });

    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(protocol.refusalOf(await response.text())).toContain('no valid token');
  });

  test('a host that is not on the list is refused', async () => {
    await using rig = await openFor(protocol, { hosts: ['agents.example.com'] });

    const response = await rig.post(protocol.path, protocol.ask('Hi'));

    expect([response.status, protocol.refusalOf(await response.text())]).toEqual([
      403,
      'This server does not serve the requested host.',
    ]);
  });

  test('a body of the wrong shape, or too large, is refused and nothing is sent', async () => {
    const rig = shared();
    const asked = rig.model.requests.length;

    const answers = [
      await rig.post(protocol.path, { nonsense: true }),
      await rig.post(protocol.path, protocol.ask('x'.repeat(8_001))),
      await rig.post(protocol.path, protocol.ask('\u200B')),
      await rig.post(protocol.path, protocol.ask('x'.repeat(1_100_000))),
    ];

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 413]);
    for (const answer of answers) expect(protocol.refusalOf(await answer.text())).not.toBe('');
    expect(rig.model.requests).toHaveLength(asked);
  });

  test('requests per minute and the answers of all users are counted', async () => {
    await using minute = await openFor(protocol, { steps: [reply('Hi.')], ceilings: { requestsPerMinute: 1 } });
    await using all = await openFor(protocol, { ceilings: { streams: 0 } });
    const ask = (rig: Rig): Promise<Response> => rig.post(protocol.path, protocol.ask('Hi'));

    const answered = await ask(minute);
    const refused = [await ask(minute), await ask(all)];

    expect([answered, ...refused].map(({ status }) => status)).toEqual([200, 429, 503]);
    expect(refused.map(({ headers }) => Number(headers.get('retry-after')) > 0)).toEqual([true, true]);
    const words = await Promise.all(refused.map(async (response) => protocol.refusalOf(await response.text())));
    expect(words).toEqual([
      expect.stringContaining('More than 1 requests in a minute'),
      'The server is at capacity. Ask again soon.',
    ]);
    expect(await (await all.get('/sessions')).json()).toEqual({ sessions: [] });
  });

  test('an answer under way has its place until it ends', async () => {
    await using rig = await openFor(protocol, { steps: [stuck], ceilings: { streamsPerUser: 1 } });
    const reading = payloads(await rig.post(protocol.path, protocol.ask('Go')));
    for (let next = await reading.next(); protocol.textOf(next.value!) === ''; next = await reading.next());
    const sessions = await (await rig.get('/sessions')).json();

    const second = await rig.post(protocol.path, protocol.ask('Go'));

    expect([second.status, Number(second.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect(protocol.refusalOf(await second.text())).toContain('1 answers in progress');
    expect(await (await rig.get('/sessions')).json()).toEqual(sessions);
  });

  test('a server that goes away says so last, and closes the connection of the model', async () => {
    await using rig = await openFor(protocol, { steps: [stuck] });
    const reading = payloads(await rig.post(protocol.path, protocol.ask('Go')));
    for (let next = await reading.next(); protocol.textOf(next.value!) === ''; next = await reading.next());

    const closing = rig.app.close();

    const rest = await Array.fromAsync(reading);
    expect(endsOf(protocol, rest)).toEqual([expect.stringContaining('shutting down')]);
    await closing;
    await rig.model.requests[0]!.closed;
    expect(rig.model.requests[0]!.closedEarly).toBe(true);
  });

  test('the words of the service and its key stay behind the server, and nobody’s words are in the log', async () => {
    const canary = 'canary-7f3a';
    const limited = httpError(429, { message: `${canary} for organization org-ours, key sk-secret-key` });
    const refused = httpError(401, { message: `Bad key sk-secret-key, ${canary}` });
    const rig = shared();
    rig.model.add(limited, refused, reply(`${canary} said the model`));
    const asking = async (): Promise<readonly Payload[]> =>
      Array.fromAsync(payloads(await rig.post(protocol.path, protocol.ask(`${canary} said the user`))));

    const [first, second] = [await asking(), await asking()];
    await asking();
    await rig.post(protocol.path, { canary });

    expect(JSON.stringify([first, second])).not.toMatch(/canary|org-ours|sk-secret/);
    expect(endsOf(protocol, [...first, ...second])).toEqual([
      "The model's service is busy. Ask again later.",
      'The server could not get the answer. Ask again later.',
    ]);
    expect(rig.log.join('')).toContain('stream done');
    expect(rig.log.join('')).not.toMatch(/canary|sk-secret/);
  });

  test('model text can forge no frame', async () => {
    const hostile = ['data: [DONE]\n\n', '\r\nevent: error\rdata: {}\n\n', '\u2028: c\u0000'];
    const rig = shared();
    rig.model.add(reply(hostile));

    const all = await Array.fromAsync(payloads(await rig.post(protocol.path, protocol.ask('Go'))));

    expect(said(protocol, all)).toBe(hostile.join(''));
    expect(endsOf(protocol, all)).toEqual(['end']);
  });
});

describe.each(Object.entries(spoken))('In %s protocol, with short limits,', (_name, protocol) => {
  const shared = sharedRig({
    ...protocol.options,
    guards: { firstUpdateMs: 500, idleMs: 500, maxBytes: 3 },
    ceilings: { keepAliveMs: 50 },
  });

  test.each([
    ['a silent model', silent, '', 'Nothing arrived within 500 ms'],
    ['a model that falls silent', stuck, 'A ', 'silent for 500 ms'],
    ['an answer that is too long', reply(['A ', 'B ', 'C']), 'A ', 'passed 3 bytes'],
  ])('%s ends the stream with an error, and its connection is closed', async (_what, step, begins, words) => {
    stopClocks();
    const rig = shared();
    rig.model.add(step);
    const asked = rig.model.requests.length;
    const all: Payload[] = [];

    const response = await rig.post(protocol.path, protocol.ask('Go'));
    const reading = (async () => {
      for await (const payload of payloads(response)) all.push(payload);
    })();
    await expect.poll(() => [rig.model.requests.length, said(protocol, all)]).toEqual([asked + 1, begins]);
    await vi.advanceTimersByTimeAsync(500);
    await reading;

    expect(endsOf(protocol, all)).toEqual([expect.stringContaining(words)]);
    const request = rig.model.requests.at(-1)!;
    await request.closed;
    expect(request.bytesAfterLeaving).toBe(0);
  });

  test('silence is filled with comments', async () => {
    stopClocks();
    const rig = shared();
    rig.model.add(silent);
    const asked = rig.model.requests.length;

    const response = await rig.post(protocol.path, protocol.ask('Go'));
    await expect.poll(() => rig.model.requests.length).toBe(asked + 1);
    await vi.advanceTimersByTimeAsync(500);

    expect((await response.text()).match(/^: keep-alive$/gm)!.length).toBeGreaterThan(1);
  });
});

const stopping = Object.entries(spoken).filter(([, { outlivesReader }]) => outlivesReader !== true);

describe.each(stopping)('In %s protocol', (_name, protocol) => {
  const shared = sharedRig({ ...protocol.options, guards: roomy, ceilings: { stalledReaderMs: 300 } });

  test('a reader that leaves closes the connection of the model', async () => {
    const rig = shared();
    rig.model.add(stuck);
    const response = await rig.post(protocol.path, protocol.ask('Go'));
    for await (const payload of payloads(response)) if (protocol.textOf(payload) !== '') break;

    const request = rig.model.requests.at(-1)!;
    await request.closed;

    expect(request).toMatchObject({ closedEarly: true, bytesAfterLeaving: 0 });
    await expect.poll(() => rig.log.some((line) => line.includes('"by":"reader"'))).toBe(true);
  });

  test('a reader that takes nothing stops the model, and is cut after its time', async () => {
    stopClocks();
    const rig = shared();
    rig.model.add(endless);
    using stalled = await askAndStall(rig, protocol);

    await expect.poll(() => stalled.isBlocked()).toBe(true);
    await vi.advanceTimersByTimeAsync(300);

    const request = rig.model.requests.at(-1)!;
    await request.closed;
    expect(request.bytesSent).toBeLessThan(10_000_000);
    await expect.poll(() => rig.log.some((line) => line.includes('"by":"reader_too_slow"'))).toBe(true);
  });
});

function stopClocks(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
}

/** A client that never receives data: the server's socket holds what is written. guards.test.ts stalls a real one. */
async function askAndStall(
  { url, app }: Rig,
  { path, ask }: Spoken,
): Promise<Disposable & { readonly isBlocked: () => boolean }> {
  const accepted = once(app.server, 'connection') as Promise<[Socket]>;
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {});
  const body = JSON.stringify(ask('Go'));
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${TOKEN}\r\n` +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  const [atServer] = await accepted;
  atServer.cork();
  return { isBlocked: () => atServer.writableNeedDrain, [Symbol.dispose]: () => void socket.destroy() };
}
