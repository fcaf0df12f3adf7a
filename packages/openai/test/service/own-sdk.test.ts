// What the SDK of a client keeps between calls, and when it makes everything anew.
import { httpError, type MockModel, mockModel, reply } from '@turnstream/testkit';
import { type ClientOptions, OpenAI } from 'openai';
import { expect, test, vi } from 'vitest';
import { OwnOpenAI } from '../../src/service/own-sdk.ts';
import { KeptHeaders } from '../../src/transport/kept-headers.ts';
import { API_KEY, bothApis, outcomeOf, question } from '../both-apis.ts';

const PATH = '/chat/completions';
const post = (body: object = {}, more: object = {}) => ({ method: 'post' as const, path: PATH, body, ...more });

function newSdk(options: ClientOptions = {}): OwnOpenAI {
  return new OwnOpenAI({ apiKey: API_KEY, baseURL: 'http://model.test/v1', ...options });
}

const isKept = async (sdk: OwnOpenAI, more: object = {}): Promise<boolean> =>
  (await sdk.buildRequest(post({}, more))).req.headers instanceof KeptHeaders;

function sent({ requests }: MockModel, name: string): (string | undefined)[] {
  return requests.map(({ headers }) => headers[name]);
}

test('the second request is the one that the SDK would build, in headers, URL, body and timeout', async () => {
  const options = { apiKey: API_KEY, baseURL: 'http://model.test/v1?a=1', defaultHeaders: { 'x-team': 'blue' } };
  const [own, plain] = [newSdk(options), new OpenAI(options)];
  const signal = new AbortController().signal;
  await own.buildRequest(post({ number: 1 }));

  const kept = await own.buildRequest(post({ number: 2 }, { signal }));
  const built = await plain.buildRequest(post({ number: 2 }, { signal }));

  expect(kept.req.headers).toBeInstanceOf(KeptHeaders);
  expect([...kept.req.headers]).toEqual([...built.req.headers]);
  expect([kept.url, kept.timeout, kept.req.method]).toEqual([built.url, built.timeout, built.req.method]);
  expect([kept.req.body, kept.req.signal]).toEqual(['{"number":2}', signal]);
});

const look = (id: string, more: object = {}) => ({ method: 'get' as const, path: `/responses/${id}`, ...more });

test('the second look is the one that the SDK would build, at another path and at the same', async () => {
  const [own, plain] = [newSdk(), new OpenAI({ apiKey: API_KEY, baseURL: 'http://model.test/v1' })];
  const more = { query: {}, stream: false, signal: new AbortController().signal, __security: { bearerAuth: true } };
  await own.buildRequest(look('resp_1', more));

  for (const id of ['resp_1', 'resp 2']) {
    const kept = await own.buildRequest(look(id, more));
    const built = await plain.buildRequest(look(id, more));

    expect(kept.req.headers).toBeInstanceOf(KeptHeaders);
    expect([...kept.req.headers]).toEqual([...built.req.headers]);
    expect({ ...kept, req: { ...kept.req, headers: null } }).toStrictEqual({
      ...built,
      req: { ...built.req, headers: null },
    });
  }
});

test.each<[string, object]>([
  ['at a stream', { stream: true }],
  ['with a query', { query: { after: 4 } }],
  ['with headers of its own', { headers: new Headers({ 'x-trace': '1' }) }],
  ['under another key', { __security: { adminAPIKeyAuth: true } }],
])('a look %s is built by the SDK', async (_name, more) => {
  const sdk = newSdk({ adminAPIKey: 'admin-key' });
  await sdk.buildRequest(look('resp_1'));

  const { req } = await sdk.buildRequest(look('resp_1', more));

  expect(req.headers).not.toBeInstanceOf(KeptHeaders);
});

test.each<[string, (sdk: OwnOpenAI) => void, string, string]>([
  ['the key', (sdk) => (sdk.apiKey = 'second-key'), 'authorization', 'Bearer second-key'],
  ['the organization', (sdk) => (sdk.organization = 'org-2'), 'openai-organization', 'org-2'],
  ['the project', (sdk) => (sdk.project = 'proj-2'), 'openai-project', 'proj-2'],
])('%s of the next request is the new one', async (_name, change, header, value) => {
  const sdk = newSdk();
  await sdk.buildRequest(post());
  await sdk.buildRequest(post());

  change(sdk);
  const { req } = await sdk.buildRequest(post());

  expect(req.headers.get(header)).toBe(value);
});

test('another address and another path are another URL', async () => {
  const sdk = newSdk();
  const urls = [(await sdk.buildRequest(post())).url];

  sdk.baseURL = 'http://other.test/v1';
  urls.push((await sdk.buildRequest(post())).url);
  urls.push((await sdk.buildRequest({ ...post(), path: '/responses' })).url);

  expect(urls).toEqual([
    'http://model.test/v1/chat/completions',
    'http://other.test/v1/chat/completions',
    'http://other.test/v1/responses',
  ]);
});

test('default headers and a default query that change are sent as they are now', async () => {
  const defaultHeaders: Record<string, string | null> = { 'x-team': 'blue' };
  const defaultQuery: Record<string, string> = { version: '1' };
  const sdk = newSdk({ defaultHeaders, defaultQuery });
  await sdk.buildRequest(post());

  defaultHeaders['x-team'] = 'red';
  defaultQuery['version'] = '2';
  const { req, url } = await sdk.buildRequest(post());

  expect([req.headers.get('x-team'), url]).toEqual(['red', 'http://model.test/v1/chat/completions?version=2']);
});

test.each<[string, ClientOptions]>([
  ['a function for the key', { apiKey: async () => API_KEY }],
  ['default headers whose content cannot be compared', { defaultHeaders: new Headers({ 'x-team': 'blue' }) }],
  ['options of fetch', { fetchOptions: { redirect: 'manual' } }],
])('with %s nothing is kept', async (_name, options) => {
  const sdk = newSdk(options);
  await sdk.buildRequest(post());

  expect(await isKept(sdk)).toBe(false);
});

test.each<[string, object]>([
  ['headers of its own', { headers: { 'x-trace': '1' } }],
  ['a timeout of its own', { timeout: 5_000 }],
  ['a query', { query: { after: 'x' } }],
  ['an idempotency key', { idempotencyKey: 'once' }],
  ['no body', { body: undefined }],
])('a call with %s is built by the SDK, and the next one has nothing of it', async (_name, more) => {
  const sdk = newSdk();
  await sdk.buildRequest(post());
  const before = await sdk.buildRequest(post());

  const own = await isKept(sdk, more);
  const after = await sdk.buildRequest(post());

  expect(own).toBe(false);
  expect([...after.req.headers]).toEqual([...before.req.headers]);
  expect(after.url).toBe(before.url);
});

test('an idempotency key is a new one for every call', async () => {
  class Idempotent extends OwnOpenAI {
    protected override idempotencyHeader = 'Idempotency-Key';
  }
  const sdk = new Idempotent({ apiKey: API_KEY });

  const keys = [await sdk.buildRequest(post()), await sdk.buildRequest(post())].map(({ req }) =>
    req.headers.get('idempotency-key'),
  );

  expect(keys[0]).toMatch(/^stainless-node-retry-/);
  expect(keys[1]).not.toBe(keys[0]);
});

test.each(bothApis)('$name: a key that is fetched for every call is always current', async (api) => {
  using model = mockModel(reply('One.'), reply('Two.'), reply('Three.'));
  let keys = 0;
  const client = api.newClient({ baseURL: model.baseURL, apiKey: async () => `token-${(keys += 1)}` });

  for (let call = 0; call < 3; call += 1) await outcomeOf(client.send(question()));

  expect(sent(model, 'authorization')).toEqual(['Bearer token-1', 'Bearer token-2', 'Bearer token-3']);
});

test.each(bothApis)('$name: a retry says so, and the call after it does not', async (api) => {
  using model = mockModel(
    reply('One.'),
    httpError(500, { headers: { 'retry-after-ms': '1' } }),
    reply('Two.'),
    reply('.'),
  );
  const client = api.newClient({ baseURL: model.baseURL });

  for (let call = 0; call < 3; call += 1) await outcomeOf(client.send(question()));

  expect(sent(model, 'x-stainless-retry-count')).toEqual(['0', '0', '1', '0']);
});

test.each(bothApis)('$name: headers of one run are not in the next', async (api) => {
  using model = mockModel(reply('One.'), reply('Two.'), reply('Three.'));
  const client = api.newClient({ baseURL: model.baseURL });

  await outcomeOf(client.send(question()));
  await outcomeOf(client.send(question({ settings: { headers: { 'x-trace': '1' } } })));
  await outcomeOf(client.send(question()));

  expect(sent(model, 'x-trace')).toEqual([undefined, '1', undefined]);
});

test.each(bothApis)("$name: what a caller's fetch adds to the headers of a call is not in the next", async (api) => {
  const traces: (string | null)[] = [];
  const fetch = vi.fn(async (_url: unknown, init?: RequestInit) => {
    const headers = init?.headers as Headers;
    traces.push(headers.get('traceparent'));
    headers.set('traceparent', `00-${traces.length}`);
    return Response.json({
      status: 'completed',
      output: [],
      choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }],
    });
  });
  const client = api.newClient({ baseURL: 'http://model.test/v1', fetch });

  for (let call = 0; call < 3; call += 1) await outcomeOf(client.send(question({ stream: false })));

  expect(traces).toEqual([null, null, null]);
});

test('a caller who left while the key was fetched sends nothing', async () => {
  const requests: string[] = [];
  const fetch = async (_url: unknown, init?: RequestInit): Promise<Response> => {
    init?.signal?.throwIfAborted();
    requests.push('request');
    return new Response('');
  };
  const sdk = newSdk({ fetch });
  const signal = AbortSignal.abort();

  const request = sdk.fetchWithTimeout('http://127.0.0.1/', { signal }, 1000, new AbortController());

  await expect(request).rejects.toThrow('This operation was aborted');
  expect(requests).toEqual([]);
});
