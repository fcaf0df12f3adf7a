// What the server refuses of requests: too large, too many, of the wrong shape or kind.
import { background, httpError, reply } from '@turnstream/testkit';
import { afterEach, expect, test, vi } from 'vitest';
import { openRig, TOKEN } from '../app-rig.ts';
import { asTimePasses } from '../passing-time.ts';
import { sharedRig } from '../shared-rig.ts';

/** Of the tests in which everything is refused. */
const refusing = sharedRig();

afterEach(() => void vi.useRealTimers());

test.each([
  ['no message', {}],
  ['an empty one', { message: '' }],
  ['a blank one', { message: ' \n ' }],
  ['a number for it', { message: 5 }],
  ['a list for it', { message: ['hi'] }],
  ['a long one', { message: 'x'.repeat(8_001) }],
  ['a member that nobody knows', { message: 'Hi', model: 'gpt-9' }],
  ['instructions', { message: 'Hi', instructions: 'Obey.' }],
  ['a path for a session', { message: 'Hi', sessionId: '../../etc/passwd' }],
  ['a number for a session', { message: 'Hi', sessionId: 7 }],
  ['a session beside a history', { message: 'Hi', sessionId: 'a', history: [] }],
  ['an invalid history', { message: 'Hi', history: 'user: hi' }],
  ['a list', []],
  ['text', 'hi'],
  ['nothing', null],
])('a body with %s is refused, and nothing is sent or kept', async (_what, body) => {
  const rig = refusing();

  const answers = [await rig.post('/chat', body), await rig.post('/chat/stream', body)];

  expect(await Promise.all(answers.map(problem))).toEqual([
    [400, 'input_invalid'],
    [400, 'input_invalid'],
  ]);
  expect(rig.model.requests).toEqual([]);
  expect(await (await rig.get('/sessions')).json()).toEqual({ sessions: [] });
});

test.each([
  ['cut JSON', 'application/json', '{"message": "Hi"', 400],
  ['a prototype in disguise', 'application/json', '{"message":"Hi","__proto__":{"a":1}}', 400],
  ['text', 'text/plain', '{"message":"Hi"}', 415],
  ['a form', 'application/x-www-form-urlencoded', 'message=Hi', 415],
  ['no kind', '', '{"message":"Hi"}', 415],
  ['64 KiB and more', 'application/json', JSON.stringify({ message: 'x'.repeat(70_000) }), 413],
])('a body of %s is refused without a word of it', async (_what, type, body, expected) => {
  const response = await fetch(`${refusing().url}/chat`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': type },
    body: new TextEncoder().encode(body),
  });

  const { error } = (await response.json()) as { error: { code: string; message: string } };
  expect([response.status, error.code]).toEqual([expected, 'input_invalid']);
  expect(error.message).not.toContain('Hi');
  expect(Object.hasOwn(Object.prototype, 'a')).toBe(false);
});

test('each route has its own input limits', async () => {
  const long = { message: 'x'.repeat(20_000) };
  const larger = { message: 'x'.repeat(90_000) };
  const input = { '/chat': { maxMessageChars: 20_000 }, '/runs': { maxMessageChars: 90_000, maxBodyBytes: 100_000 } };
  await using rig = await openRig({ input, steps: [reply('Hi.'), background(reply('Hi.'))] });

  const answers = [
    await rig.post('/chat', long),
    await rig.post('/chat', larger),
    await rig.post('/chat/stream', long),
    await rig.post('/runs', larger),
  ];

  expect(answers.map(({ status }) => status)).toEqual([200, 413, 400, 202]);
  expect((await answers[1]!.json()).error.message).toBe('The body is larger than this route allows: 65536 bytes.');
});

test.each(['/runs/..%2f..%2fpackage.json', '/runs/%00', '/sessions/a%2fb', '/runs/1', `/sessions/${'x'.repeat(129)}`])(
  'the id in %s is refused',
  async (path) => {
    const response = await refusing().get(path);

    expect([400, 404, 414]).toContain(response.status);
    expect((await response.text()).length).toBeLessThan(400);
  },
);

test('a route that is not there says so, and where to look', async () => {
  const response = await refusing().get('/nowhere');

  const message = 'There is no such route. `GET /openapi.json` lists them.';
  expect([response.status, (await response.json()).error]).toMatchObject([404, { code: 'not_found', message }]);
});

test('requests beyond the limit per minute get a time to wait', async () => {
  await using rig = await openRig({ ceilings: { requestsPerMinute: 3 } });
  for (let asked = 0; asked < 3; asked += 1) await rig.get('/sessions');

  const [fourth, health] = [await rig.get('/sessions'), await rig.get('/healthz')];

  expect(await problem(fourth)).toEqual([429, 'rate_limited']);
  expect(Number(fourth.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(health.status).toBe(200);
});

test('more answers at once than allowed are refused, and there is room again when one ends', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const slow = reply(['A', 'B'], { firstChunkDelayMs: 200 });
  await using rig = await openRig({ ceilings: { streamsPerUser: 1 }, steps: [slow, reply('C')] });
  const first = await rig.post('/chat/stream', { message: 'One' });

  const second = await rig.post('/chat', { message: 'Two' });

  expect(await problem(second)).toEqual([429, 'rate_limited']);
  expect(second.headers.get('retry-after')).toBe('2');
  await asTimePasses(first.text());
  expect((await rig.post('/chat', { message: 'Three' })).status).toBe(200);
});

test('more answers in all than allowed are refused as overload', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const slow = reply(['A', 'B'], { firstChunkDelayMs: 200 });
  await using rig = await openRig({ ceilings: { streams: 1 }, steps: [slow] });
  const first = await rig.post('/chat/stream', { message: 'One' });

  const second = await rig.post('/chat', { message: 'Two' });

  expect(await problem(second)).toEqual([503, 'overloaded']);
  await asTimePasses(first.text());
});

test.each(['\u200B', '\u2060\uFEFF', '\u00AD', '\u0007', '\u3000\u200D'])(
  'a message of only %j is invisible and refused',
  async (message) => {
    const response = await refusing().post('/chat', { message });

    expect(await problem(response)).toEqual([400, 'input_invalid']);
    expect(refusing().model.requests).toEqual([]);
  },
);

test('a HEAD request for the events of a run takes no slot', async () => {
  await using rig = await openRig({ steps: [background(reply('Hi.'))] });
  const { runId } = await (await rig.post('/runs', { message: 'Hi' })).json();

  const response = await rig.get(`/runs/${runId}/events`, { method: 'HEAD' });

  expect(response.status).toBe(404);
});

test('answers with user data are not cacheable', async () => {
  await using rig = await openRig({ steps: [reply('Hi.'), background(reply('Hi.'))] });
  const { sessionId } = await (await rig.post('/chat', { message: 'Hi' })).json();
  const { runId } = await (await rig.post('/runs', { message: 'Hi' })).json();
  const paths = ['/sessions', `/sessions/${sessionId}`, '/runs', `/runs/${runId}`, '/sessions/unknown'];

  const answers = await Promise.all([...paths.map((path) => rig.get(path)), rig.post('/chat', { message: '' })]);

  expect(answers.map(({ headers }) => headers.get('cache-control'))).toEqual(Array(6).fill('no-store'));
});

test('readiness queries the database once a second, however many requests come', async () => {
  await using rig = await openRig();
  const ready = vi.spyOn(rig.store, 'ready');

  const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await rig.get('/readyz')).status));

  expect(statuses).toEqual(Array(20).fill(200));
  expect(ready).toHaveBeenCalledTimes(1);
});

test('the log holds ids, sizes and codes, and no text of users or the model', async () => {
  const canary = 'canary-7f3a';
  await using rig = await openRig({
    steps: [
      reply(`${canary} said the model`),
      reply(`${canary} in a stream`),
      httpError(400, { message: `${canary} said the service` }),
      background(reply(`${canary} in the background`)),
    ],
  });

  const { sessionId } = await (await rig.post('/chat', { message: `${canary} said the user` })).json();
  await (await rig.post('/chat/stream', { message: canary })).text();
  await rig.post('/chat', { message: canary });
  const { runId } = await (
    await rig.post('/runs', { message: canary, callbackUrl: null }, { headers: { 'x-canary': canary } })
  ).json();
  await (await rig.get(`/runs/${runId}/events?canary=${canary}`)).text();
  await rig.post('/chat', { message: 5, canary });
  await rig.get(`/sessions/${canary}`);
  vi.spyOn(rig.store.history, 'load').mockRejectedValueOnce(new Error(`${canary} said the database`));
  await rig.get(`/sessions/${sessionId}`);

  const log = rig.log.join('');
  expect(log).toContain('"route":"/chat"');
  expect(log).toContain('stream done');
  expect(log).toContain('request failed');
  expect(log).toContain('not shown');
  expect(log).toContain(runId);
  expect(log).not.toContain(canary);
  expect(log).not.toContain(TOKEN);
  expect(log).not.toContain('sk-secret-key');
});

async function problem(response: Response): Promise<[number, string]> {
  const { error } = (await response.json()) as { error: { code: string } };
  return [response.status, error.code];
}
