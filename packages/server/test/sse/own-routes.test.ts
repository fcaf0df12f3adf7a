// An answer on routes outside this package: the examples of docs/understand/your-own-route.md.
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { Agent } from '@turnstream/core';
import { chatUpdate } from '@turnstream/core/seams';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { callTool, httpError, reply, type ServedModel, type Step, serveModel, stallAfter } from '@turnstream/testkit';
import { afterEach, expect, test, vi } from 'vitest';
import { chatApp as expressApp } from '../../examples/express.ts';
import { chatApp as honoApp } from '../../examples/hono.ts';
import { chatRoute } from '../../examples/next-route.ts';
import { streamChat } from '../../src/client/index.ts';
import { KEEP_ALIVE } from '../../src/events/frame.ts';
import { answerResponse } from '../../src/sse/index.ts';
import { brief, framesOf } from '../app-rig.ts';
import { asTimePasses } from '../passing-time.ts';
import { five, paying } from '../paying.ts';

interface Route extends AsyncDisposable {
  readonly model: ServedModel;
  ask(message: string, signal?: AbortSignal): Promise<Response>;
}

type Open = (agent: Agent) => Promise<{ fetch(path: string, init: RequestInit): Promise<Response> } & AsyncDisposable>;

const open: Readonly<Record<string, Open>> = {
  Express: async (agent) => {
    const server = createServer(expressApp(agent) as RequestListener);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    return {
      fetch: (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init),
      async [Symbol.asyncDispose]() {
        server.closeAllConnections();
        await once(server.close(), 'close');
      },
    };
  },
  Hono: async (agent) => onWeb((request) => honoApp(agent).fetch(request)),
  Next: async (agent) => onWeb(chatRoute(agent)),
};

function onWeb(handle: (request: Request) => Response | Promise<Response>): Awaited<ReturnType<Open>> {
  return {
    fetch: async (path, init) => handle(new Request(`http://app.test${path}`, init)),
    async [Symbol.asyncDispose]() {},
  };
}

async function openRoute(name: string, ...steps: readonly Step[]): Promise<Route> {
  const model = await serveModel(...steps);
  const client = new OpenAIResponsesClient({ model: 'gpt-4.1', apiKey: 'none', baseURL: model.baseURL, maxRetries: 0 });
  const app = await open[name]!(new Agent({ client }));
  return {
    model,
    ask: (message, signal) =>
      app.fetch('/chat', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ message }),
        ...(signal === undefined ? {} : { signal }),
      }),
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]();
      await model[Symbol.asyncDispose]();
    },
  };
}

afterEach(() => void vi.useRealTimers());

test.each(Object.keys(open))(
  '%s answers with the events and headers that the server of this package sends',
  async (name) => {
    await using route = await openRoute(name, reply(['Hi ', 'there.']));

    const response = await route.ask('Hello');

    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    const all = await framesOf(response);
    expect(brief(all)).toEqual(['session "replace"', 'update "Hi "', 'update "there."', 'done "completed"']);
    expect(all.map(({ id }) => id)).toEqual(['1', '2', '3', '4']);
  },
);

test.each(Object.keys(open))('%s can be read with streamChat', async (name) => {
  await using route = await openRoute(name, reply(['Hi ', 'there.']));
  const ask = async (_url: unknown, init?: RequestInit): Promise<Response> =>
    route.ask(((await new Request('http://app.test', init).json()) as { message: string }).message);

  const events = await Array.fromAsync(streamChat({ url: 'http://app.test', message: 'Hello', fetch: ask }));

  expect(events.flatMap((event) => (event.type === 'update' ? event.text : []))).toEqual(['Hi ', 'there.']);
});

test.each(Object.keys(open))(
  '%s ends a failed answer with an error event that tells nothing of the service',
  async (name) => {
    const logged = vi.spyOn(console, 'error').mockReturnValue();
    await using route = await openRoute(name, httpError(401, { message: 'Bad key sk-secret' }));

    const all = await framesOf(await route.ask('Hello'));

    expect(all.map(({ id, event, data }) => [id, event, data['code']])).toEqual([
      ['1', 'session', undefined],
      ['2', 'error', 'server_error'],
    ]);
    expect(JSON.stringify(all)).not.toContain('sk-secret');
    expect(logged).toHaveBeenCalledWith(expect.objectContaining({ code: 'auth' }));
  },
);

test('an agent whose tool needs approval sends an approval event without an expiry', async () => {
  const { pay, paid } = paying();
  await using model = await serveModel(callTool('pay', [five], { callId: 'call_1' }));
  const client = new OpenAIResponsesClient({ model: 'gpt-4.1', apiKey: 'none', baseURL: model.baseURL, maxRetries: 0 });
  const stream = new Agent({ client, tools: [pay] }).runStreaming('Pay.');

  const all = await framesOf(answerResponse(stream));

  expect(brief(all)).toEqual(['session "replace"', 'tool "called"', 'approval undefined', 'done "awaiting_approval"']);
  expect(all[2]!.data).toEqual({ callId: 'call_1', name: 'pay', arguments: five, expiresAtMs: null });
  expect(paid).toEqual([]);
});

test.each(Object.keys(open))('%s closes the connection to the model when the reader leaves', async (name) => {
  const logged = vi.spyOn(console, 'error').mockReturnValue();
  await using route = await openRoute(name, reply(['One ', 'two'], { fault: stallAfter({ chunks: 1 }) }));
  const tab = new AbortController();
  const response = await route.ask('Count', tab.signal);
  const reader = response.body!.getReader();
  while (!new TextDecoder().decode((await reader.read()).value).includes('One'));

  await reader.cancel();
  tab.abort();

  const [request] = route.model.requests;
  await request!.closed;
  expect(request!.closedEarly).toBe(true);
  expect(logged).not.toHaveBeenCalled();
});

test('a web reader that reads nothing is cut off, and so is the model', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  await using route = await openRoute('Hono', reply(['One ', 'two ', 'three'], { fault: stallAfter({ chunks: 3 }) }));
  vi.spyOn(console, 'error').mockReturnValue();
  const reader = (await route.ask('Count')).body!.getReader();
  await reader.read();
  await reader.read();

  await asTimePasses(route.model.requests[0]!.closed);

  await expect(reader.read()).rejects.toMatchObject({ code: 'reader_too_slow' });
  expect(route.model.requests[0]!.closedEarly).toBe(true);
});

test('a web reader that reads nothing is cut off even without an `onError`', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  const send = async function* () {
    yield chatUpdate({ contents: [{ type: 'text', text: 'Hi.' }], finishReason: 'stop' });
  };
  const reader = answerResponse(new Agent({ client: { send } }).runStreaming('Hi')).body!.getReader();
  await reader.read();

  await vi.advanceTimersByTimeAsync(30_000);

  await expect(reader.read()).rejects.toMatchObject({ code: 'reader_too_slow' });
});

test('a web reader that takes its time is not cut off, however long the answer takes in all', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  async function* send() {
    for (const text of ['One ', 'two ', 'three']) yield chatUpdate({ contents: [{ type: 'text', text }] });
    yield chatUpdate({ finishReason: 'stop' });
  }
  const stream = new Agent({ client: { send } }).runStreaming('Count');
  const reader = answerResponse(stream, { stalledReaderMs: 30_000, keepAliveMs: 3_600_000 }).body!.getReader();
  const read: Uint8Array<ArrayBuffer>[] = [];

  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    read.push(next.value);
    await vi.advanceTimersByTimeAsync(20_000);
  }

  expect(brief(await framesOf(new Response(new Blob(read)))).slice(1)).toEqual([
    'update "One "',
    'update "two "',
    'update "three"',
    'done "completed"',
  ]);
});

test('a web reader that waits hears from the server, and no timer outlives the answer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  const thought = Promise.withResolvers<void>();
  async function* send() {
    await thought.promise;
    yield chatUpdate({ contents: [{ type: 'text', text: 'Hi.' }], finishReason: 'stop' });
  }
  const reader = answerResponse(new Agent({ client: { send } }).runStreaming('Hi')).body!.getReader();
  const next = async (): Promise<string> => new TextDecoder().decode((await reader.read()).value);

  await vi.advanceTimersByTimeAsync(15_000);
  const first = await next();
  const second = next();
  await vi.advanceTimersByTimeAsync(15_000);
  thought.resolve();
  const rest = [await second, await next(), await next(), await next()];

  expect([first, ...rest]).toEqual([
    expect.stringContaining('event: session'),
    KEEP_ALIVE,
    expect.stringContaining('Hi.'),
    expect.stringContaining('event: done'),
    '',
  ]);
  expect(vi.getTimerCount()).toBe(0);
});

test('a web reader that leaves in the middle of an answer is not an error', async () => {
  await using model = await serveModel(reply(['One ', 'two'], { fault: stallAfter({ chunks: 1 }) }));
  const client = new OpenAIResponsesClient({ model: 'gpt-4.1', apiKey: 'none', baseURL: model.baseURL, maxRetries: 0 });
  const stream = new Agent({ client }).runStreaming('Count');
  const onError = vi.fn();
  const reader = answerResponse(stream, { onError }).body!.getReader();
  await reader.read();
  await reader.read();
  await setImmediate();

  await reader.cancel();

  expect(await stream.finalResponse()).toMatchObject({ status: 'cancelled', text: 'One ' });
  await setImmediate();
  expect(onError).not.toHaveBeenCalled();
});
