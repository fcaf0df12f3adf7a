// Which routes the protocols add, and who may use them from a page.
import { expect, test } from 'vitest';
import { openFor, spoken } from './spoken.ts';

test('the description of the API has the routes of every protocol', async () => {
  const a2a = { description: 'Answers questions.' };
  await using rig = await openFor(spoken['our own']!, {
    ui: { history: 'server' },
    openai: {},
    a2a,
    agui: { history: 'server' },
  });

  const { paths } = (await (await rig.get('/openapi.json')).json()) as unknown as { paths: object };

  const routes = Object.values(spoken).map(({ path }) => path.replace(/\?.*/, ''));
  expect(Object.keys(paths)).toEqual(expect.arrayContaining([...routes, '/v1/models', '/v1/responses/{id}']));
});

test('a page of an allowed origin may use the protocols', async () => {
  const origin = 'https://app.example.com';
  const headers = {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type',
  };
  await using rig = await openFor(spoken['our own']!, { ui: { history: 'server' }, cors: { origins: [origin] } });

  const preflight = await rig.post('/chat/ui', undefined, { method: 'OPTIONS', headers });

  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, origin]);
});

test('a protocol that was not turned on has no route', async () => {
  await using rig = await openFor(spoken['our own']!);
  const paths = new Set(
    Object.values(spoken)
      .map(({ path }) => path)
      .filter((path) => path !== '/chat/stream'),
  );

  const answers = await Promise.all([...paths].map((path) => rig.post(path, {})));

  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
});

test('the description of OpenAI’s routes has their parameters', async () => {
  await using rig = await openFor(spoken['Responses, stored']!);

  const { paths } = (await (await rig.get('/openapi.json')).json()) as unknown as {
    paths: Record<string, Record<string, { parameters?: readonly { name: string }[]; requestBody?: object }>>;
  };

  const taken = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) =>
      [method, path, ...parameters.map(({ name }) => name), ...(requestBody === undefined ? [] : ['body'])].join(' '),
    ),
  );
  expect(taken.filter((each) => each.includes('/v1/'))).toEqual([
    'get /v1/models',
    'post /v1/chat/completions body',
    'post /v1/responses body',
    'get /v1/responses/{id} stream starting_after id',
    'delete /v1/responses/{id} id',
    'post /v1/responses/{id}/cancel id',
    'get /v1/responses/{id}/input_items limit order after id',
    'post /v1/conversations body',
    'get /v1/conversations/{id} id',
    'delete /v1/conversations/{id} id',
    'get /v1/conversations/{id}/items limit order after id',
    'post /v1/conversations/{id}/items id body',
  ]);
});
