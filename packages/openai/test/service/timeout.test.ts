// How long a client waits for a byte. Nothing waits here: the tests look at what the transports ask Node for.
import { ClientRequest } from 'node:http';
import { Agent } from '@turnstream/core';
import { reply, serveModel } from '@turnstream/testkit';
import { expect, test, vi } from 'vitest';
import { OpenAIResponsesClient } from '../../src/index.ts';
import { newTransport } from '../../src/transport/global-fetch.ts';
import { SilenceError } from '../../src/transport/silence-error.ts';
import { bothApis, outcomeOf, question } from '../both-apis.ts';

const TWENTY_MINUTES = 20 * 60_000;
const [major] = process.versions['undici']!.split('.');
const GLOBAL = Symbol.for(`undici.globalDispatcher.${Number(major) >= 8 ? 2 : 1}`);

interface Waits {
  readonly headersTimeout?: number;
  readonly bodyTimeout?: number;
}

/** Records the timeouts that fetch asks its dispatcher for, until disposed. */
function watchedWaits(): Disposable & { readonly seen: readonly Waits[] } {
  const slot = globalThis as unknown as Record<symbol, { dispatch(options: Waits, handler: unknown): boolean }>;
  const shared = slot[GLOBAL]!;
  const seen: Waits[] = [];
  const dispatch = (options: Waits, handler: unknown): boolean => {
    const { headersTimeout, bodyTimeout } = options;
    seen.push(headersTimeout === undefined ? {} : { headersTimeout, bodyTimeout: bodyTimeout! });
    return shared.dispatch(options, handler);
  };
  slot[GLOBAL] = Object.create(shared, { dispatch: { value: dispatch } });
  return { seen, [Symbol.dispose]: () => void (slot[GLOBAL] = shared) };
}

test.each([
  [undefined, 600_000],
  [5_000, 300_000],
  [TWENTY_MINUTES, TWENTY_MINUTES],
])('with a timeout of %s ms an answer may go %i ms without a byte', async (timeout, waitMs) => {
  await using model = await serveModel(reply('Hello.'));
  using wait = vi.spyOn(ClientRequest.prototype, 'setTimeout');
  const options = { model: 'm', apiKey: 'k', baseURL: model.baseURL, ...(timeout === undefined ? {} : { timeout }) };

  await new Agent({ client: new OpenAIResponsesClient(options) }).run('Go');

  expect(wait).toHaveBeenCalledExactlyOnceWith(waitMs, expect.any(Function));
});

test.each(bothApis)(
  '$name: with a timeout of twenty minutes fetch waits that long, streamed and whole',
  async (api) => {
    await using model = await serveModel(reply('Hello.'), reply('Hello.'));
    using waits = watchedWaits();
    const client = api.newClient({ baseURL: model.baseURL, timeout: TWENTY_MINUTES });

    const outcomes = [
      await outcomeOf(client.send(question({ stream: true }))),
      await outcomeOf(client.send(question({ stream: false }))),
    ];

    expect(outcomes.map(({ text }) => text)).toEqual(['Hello.', 'Hello.']);
    const wait = { headersTimeout: TWENTY_MINUTES, bodyTimeout: TWENTY_MINUTES };
    expect(waits.seen).toEqual([wait, wait]);
  },
);

test.each([undefined, 300_000])('with a timeout of %s fetch keeps its own', async (timeout) => {
  await using model = await serveModel(reply('Hello.'));
  using waits = watchedWaits();
  const options = { model: 'm', apiKey: 'k', baseURL: model.baseURL, ...(timeout === undefined ? {} : { timeout }) };

  await new Agent({ client: new OpenAIResponsesClient(options) }).run('Go');

  expect(waits.seen).toEqual([{}]);
});

test('silence ends the run with how long it was and what to do', async () => {
  const fetch = async () => Promise.reject(new TypeError('fetch failed', { cause: new SilenceError(600_000) }));
  const client = new OpenAIResponsesClient({ model: 'm', apiKey: 'k', maxRetries: 0, fetch });

  const error = await new Agent({ client }).run('Go').catch((thrown: unknown) => thrown);

  const message = expect.stringMatching(/no byte for 600 s.*`timeout`.*stream.*runInBackground/);
  expect(error).toMatchObject({ code: 'connection_failed', message });
});

test("the caller's own fetch gets no dispatcher, and the caller's own dispatcher is kept", async () => {
  const answered = async () => Response.json({ status: 'completed', output: [] });
  using shared = vi.spyOn(globalThis, 'fetch').mockImplementation(answered);
  const own = vi.fn(answered);
  const dispatcher = { dispatch: () => true } as never;
  const options = { model: 'm', apiKey: 'k', baseURL: 'http://127.0.0.1/v1', timeout: TWENTY_MINUTES };

  await new Agent({ client: new OpenAIResponsesClient({ ...options, fetch: own }) }).run('Go');
  await new Agent({ client: new OpenAIResponsesClient({ ...options, fetchOptions: { dispatcher } }) }).run('Go');

  expect(own).toHaveBeenCalledExactlyOnceWith(
    expect.anything(),
    expect.not.objectContaining({ dispatcher: expect.anything() }),
  );
  expect(shared).toHaveBeenCalledExactlyOnceWith(expect.anything(), expect.objectContaining({ dispatcher }));
});

test('a fetch without a dispatcher, as in a browser, is called unchanged', async () => {
  using fetch = vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('x'));
  const slot = globalThis as unknown as Record<symbol, unknown>;
  const shared = slot[GLOBAL];
  slot[GLOBAL] = undefined;

  await newTransport(TWENTY_MINUTES)('http://127.0.0.1/', { method: 'GET' });

  slot[GLOBAL] = shared;
  expect(fetch).toHaveBeenCalledExactlyOnceWith('http://127.0.0.1/', { method: 'GET' });
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])('a timeout of %s is config_invalid', (timeout) => {
  const act = () => new OpenAIResponsesClient({ model: 'm', apiKey: 'k', timeout });

  expect(act).toThrow(
    expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining(`timeout is ${timeout};`) }),
  );
});

test.each(bothApis)('$name: when fetch gives up, the error says after how long and what to do', async (api) => {
  const gaveUp = (code: string) =>
    new TypeError('terminated', { cause: Object.assign(new Error('Timeout'), { code }) });
  const broken = new ReadableStream({ pull: (controller) => controller.error(gaveUp('UND_ERR_BODY_TIMEOUT')) });
  const fetches = [
    async () => Promise.reject(gaveUp('UND_ERR_HEADERS_TIMEOUT')),
    async () => new Response(broken, { headers: { 'content-type': 'text/event-stream' } }),
  ];

  const errors = await Promise.all(
    fetches.map(async (fetch) => {
      const client = api.newClient({ baseURL: 'http://127.0.0.1/v1', maxRetries: 0, fetch });
      return (await outcomeOf(client.send(question()))).error;
    }),
  );

  const message = expect.stringMatching(/300 s.*`timeout`.*`fetchOptions.dispatcher`.*stream.*runInBackground/);
  expect(errors).toMatchObject([
    { code: 'connection_failed', message },
    { code: 'stream_truncated', message },
  ]);
});

test('so does the error of a JSON body that fetch gave up on', async () => {
  const cause = Object.assign(new Error('Timeout'), { code: 'UND_ERR_BODY_TIMEOUT' });
  const broken = new ReadableStream({ pull: (controller) => controller.error(new TypeError('terminated', { cause })) });
  const fetch = async () => new Response(broken, { headers: { 'content-type': 'application/json' } });
  const client = new OpenAIResponsesClient({ model: 'm', apiKey: 'k', baseURL: 'http://127.0.0.1/v1', fetch });

  const error = await new Agent({ client }).run('Go').catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({ code: 'stream_truncated', message: expect.stringContaining('300 s') });
});
