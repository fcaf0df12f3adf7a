// CORS: no other origin may call the server unless it is on the list.
import { reply } from '@turnstream/testkit';
import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { framesOf, openRig } from '../app-rig.ts';

const app = 'https://app.example.com';
const preflight = (origin: string) => ({
  method: 'OPTIONS',
  headers: { authorization: '', origin, 'access-control-request-method': 'POST' },
});

test('an origin on the list may call, and may read the stream and the relevant headers', async () => {
  await using rig = await openRig({ cors: { origins: [app] }, steps: [reply('Hi.')] });

  const asked = await rig.get('/chat/stream', preflight(app));
  const stream = await rig.post('/chat/stream', { message: 'Hi' }, { headers: { origin: app } });

  expect(asked.status).toBe(204);
  expect(Object.fromEntries(asked.headers)).toMatchObject({
    'access-control-allow-origin': app,
    'access-control-allow-methods': 'GET, POST, DELETE',
  });
  expect(stream.headers.get('access-control-allow-origin')).toBe(app);
  expect(stream.headers.get('access-control-expose-headers')).toBe(
    'location, retry-after, x-request-id, x-should-retry',
  );
  expect((await framesOf(stream)).at(-1)).toMatchObject({ event: 'done' });
});

test('a page may send the headers of our client, of A2A and of the `openai` client', async () => {
  await using rig = await openRig({ cors: { origins: [app] }, openai: {} });
  let sent: string[] = [];
  const noting: typeof fetch = async (_url, init) => {
    sent = [...new Headers(init?.headers).keys()];
    return Response.json({ id: 'resp_1', output: [] });
  };
  const browser = { apiKey: 'x', fetch: noting, organization: 'org', project: 'project' };
  await new OpenAI({ ...browser, baseURL: `${rig.url}/v1` }).responses
    .stream({ input: 'Hi' })
    .done()
    .catch(() => {});

  const asked = await rig.get('/v1/responses', preflight(app));

  const allowed = asked.headers.get('access-control-allow-headers')?.split(', ');
  // Browsers need no permission for the first.
  expect(sent.filter((name) => name !== 'accept' && !allowed?.includes(name))).toEqual([]);
  expect(allowed).toEqual(
    expect.arrayContaining(['authorization', 'last-event-id', 'a2a-version', 'x-stainless-helper-method']),
  );
});

test('an origin not on the list gets no CORS headers, and one on the list needs a token', async () => {
  await using rig = await openRig({ cors: { origins: [app] } });

  const asked = await rig.get('/chat', preflight('https://evil.example.com'));
  const tokenless = await rig.post('/chat', { message: 'Hi' }, { headers: { origin: app, authorization: '' } });

  expect(asked.headers.get('access-control-allow-origin')).toBeNull();
  expect(tokenless.status).toBe(401);
});

test('without a list no answer has a CORS header', async () => {
  await using rig = await openRig();

  const answers = [await rig.get('/sessions', { headers: { origin: app } }), await rig.get('/chat', preflight(app))];

  expect(answers.map(({ status }) => status)).toEqual([200, 401]);
  for (const { headers } of answers)
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
});

test.each(['*', 'app.example.com', 'https://app.example.com/', 'null', ''])('%j is not an origin', async (origin) => {
  await expect(openRig({ cors: { origins: [app, origin] } })).rejects.toMatchObject({
    code: 'config_invalid',
    message: `cors.origins has ${JSON.stringify(origin)}; write scheme, host and port, as in "https://app.example.com".`,
  });
});
