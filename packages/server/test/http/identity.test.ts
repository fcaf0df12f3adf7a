// Who may ask, for what, and under which name.
import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { background, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import type { Authenticate } from '../../src/http/identity.ts';
import { framesOf, memoryStore, openRig, type Rig, TOKEN } from '../app-rig.ts';
import { sharedRig } from '../shared-rig.ts';

const jwt = { secret: 'a secret of the tests that nobody else has' };

/** Of the tests that store nothing: with a token of its own, and with signed ones. */
const own = sharedRig();
const signing = sharedRig({ identity: { jwt } });

test.each([
  ['no token', {}],
  ['another token', { authorization: 'Bearer not-the-token-at-all' }],
  ['a token in another scheme', { authorization: 'Basic YTpi' }],
])('%s is refused before the body is read', async (_what, headers) => {
  const response = await fetch(`${own().url}/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{ not json',
  });

  expect(await problem(response)).toEqual([401, 'auth']);
  expect(response.headers.get('www-authenticate')).toBe('Bearer');
});

test('a signed token of somebody names the owner by its subject', async () => {
  await using rig = await openRig({ identity: { jwt }, steps: [reply('Hello, Ann.')] });
  const ann = bearer({ sub: 'ann' });

  const { sessionId } = await (await rig.post('/chat', { message: 'Hi' }, ann)).json();

  expect(await rig.store.sessions.open(sessionId, { owner: 'ann' })).not.toBeNull();
});

test.each([
  ['without a subject', { name: 'ann' }],
  ['with an empty one', { sub: '' }],
  ['that has expired', { sub: 'ann', exp: 1_000_000 }],
])('a signed token %s is nobody', async (_what, claims) => {
  const response = await signing().get('/sessions', bearer(claims));

  expect(await problem(response)).toEqual([401, 'auth']);
});

test('another user’s data is answered like data that does not exist', async () => {
  await using rig = await openRig({ identity: { jwt }, steps: [reply('A.'), background(reply('B.'))] });
  const [ann, eve] = [bearer({ sub: 'ann' }), bearer({ sub: 'eve' })];
  const { sessionId } = await (await rig.post('/chat', { message: 'Hi' }, ann)).json();
  const { runId } = await (await rig.post('/runs', { message: 'Hi' }, ann)).json();
  await framesOf(await rig.get(`/runs/${runId}/events`, ann));
  const unknown = crypto.randomUUID();

  const asks = (session: string, run: string): Promise<Response>[] => [
    rig.post('/chat', { message: 'Hi', sessionId: session }, eve),
    rig.post('/chat/stream', { message: 'Hi', sessionId: session }, eve),
    rig.post('/runs', { message: 'Hi', sessionId: session }, eve),
    rig.get(`/sessions/${session}`, eve),
    rig.get(`/sessions/${session}`, { ...eve, method: 'DELETE' }),
    rig.get(`/runs/${run}`, eve),
    rig.get(`/runs/${run}/events`, eve),
    rig.post(`/runs/${run}/cancel`, undefined, eve),
  ];
  const foreign = await Promise.all((await Promise.all(asks(sessionId, runId))).map(shape));
  const missing = await Promise.all((await Promise.all(asks(unknown, unknown))).map(shape));

  expect(foreign).toEqual(missing);
  expect(foreign.map(([status]) => status)).toEqual(Array.from({ length: 8 }, () => 404));
  expect(await (await rig.get('/runs', eve)).json()).toEqual({ runs: [] });
  expect(await (await rig.get('/sessions', eve)).json()).toEqual({ sessions: [] });
});

test('one idempotency key of two owners is two runs', async () => {
  await using rig = await openRig({ identity: { jwt }, steps: [background(reply('A.')), background(reply('B.'))] });
  const key = { 'idempotency-key': 'one' };

  const runs = await Promise.all(
    ['ann', 'eve'].map(async (sub) => {
      const { headers } = bearer({ sub });
      const { runId } = await (await rig.post('/runs', { message: 'Go' }, { headers: { ...headers, ...key } })).json();
      await framesOf(await rig.get(`/runs/${runId}/events`, { headers }));
      return runId;
    }),
  );

  expect(new Set(runs).size).toBe(2);
});

test('whom the application knows is whom the server knows', async () => {
  const authenticate: Authenticate = ({ headers }) => [headers['x-user']].flat()[0] ?? null;
  await using rig = await openRig({ identity: { authenticate }, steps: [reply('Hi.')] });

  const known = await rig.post('/chat', { message: 'Hi' }, { headers: { 'x-user': 'ann' } });
  const unknown = await rig.get('/sessions');

  expect([known.status, unknown.status]).toEqual([200, 401]);
});

test.each([
  ['undefined', undefined, [401, 'auth']],
  ['a number', 7, [500, 'server_error']],
])(
  'a request for which authenticate returns %s gets no answer, even if nothing is stored',
  async (_, owner, refused) => {
    await using rig = await openRig({ identity: { authenticate: () => owner as never } });

    const response = await rig.post('/chat', { message: 'Hi', history: [] });

    expect(await problem(response)).toEqual(refused);
    expect(rig.log.some((line) => line.includes('identity.authenticate returned'))).toBe(refused[0] === 500);
  },
);

test('a token of sixteen characters is long enough', async () => {
  await using rig = await openRig({ identity: { token: 'sixteen-letters.' } });

  const response = await rig.get('/sessions', { headers: { authorization: 'Bearer sixteen-letters.' } });

  expect(response.status).toBe(200);
});

test('a token that is easy to guess makes no server', async () => {
  const making = createApp({
    agent: { client: { send: () => (async function* () {})() } },
    store: memoryStore(),
    identity: { token: 'short' },
    logger: false,
  }).then((app) => app.ready());

  await expect(making).rejects.toMatchObject({
    code: 'config_invalid',
    message: 'The token in "identity" needs at least 16 characters, such as crypto.randomUUID() has.',
  });
});

test.each([
  ['evil.example', 403],
  ['evil.example:80', 403],
  ['127.0.0.1.evil.example', 403],
  ['LOCALHOST:1234', 200],
  ['[::1]:1234', 200],
])('a request for the host %s is answered with %i', async (host, expected) => {
  const [listed, health] = await Promise.all(['/sessions', '/healthz'].map((path) => statusFor(own(), path, host)));

  expect([listed, health]).toEqual([expected, 200]);
});

test('nothing lets a page of another origin read an answer', async () => {
  const response = await own().get('/sessions', { headers: { origin: 'https://evil.example' } });

  expect(response.headers.get('access-control-allow-origin')).toBeNull();
  expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin');
});

test('an answer that a browser opens as a page loads nothing, and fits into no frame', async () => {
  const { headers } = await own().get('/healthz');

  expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

function bearer(claims: object): { readonly headers: Record<string, string> } {
  return { headers: { authorization: `Bearer ${signed(claims)}` } };
}

/** As somebody else signs it: the server only verifies. https://www.rfc-editor.org/rfc/rfc7519 */
function signed(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${head}.${createHmac('sha256', jwt.secret).update(head).digest('base64url')}`;
}

async function problem(response: Response): Promise<[number, string]> {
  const { error } = (await response.json()) as { error: { code: string } };
  return [response.status, error.code];
}

/** All that tells two answers apart, but the id of the request. */
async function shape(response: Response): Promise<[number, string, readonly string[]]> {
  const body = (await response.text()).replaceAll(/"requestId":"[^"]*"/g, '');
  const names = [...response.headers.keys()].filter((name) => !name.startsWith('x-ratelimit')).toSorted();
  return [response.status, body, names];
}

/** `fetch` does not send a `host` of one's own. */
function statusFor(rig: Rig, path: string, host: string): Promise<number> {
  const { hostname, port } = new URL(rig.url);
  const headers = { host, authorization: `Bearer ${TOKEN}` };
  return new Promise((resolve, reject) => {
    httpRequest({ hostname, port, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

test('an address that tries many tokens is rate limited, and the owner of the right one is not', async () => {
  await using rig = await openRig({ ceilings: { requestsPerMinute: 3 } });
  const wrong = { headers: { authorization: 'Bearer not-the-token-of-anybody' } };

  const statuses: number[] = [];
  for (let tries = 0; tries < 5; tries += 1) statuses.push((await rig.get('/sessions', wrong)).status);

  expect(statuses).toEqual([401, 401, 401, 429, 429]);
  expect(Number((await rig.get('/sessions', wrong)).headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await rig.get('/sessions')).status).toBe(200);
  const warnings = rig.log.filter((line) => line.includes('"msg":"no valid token"'));
  expect(warnings).toHaveLength(3);
  expect(warnings.join('')).not.toContain('not-the-token');
});
