import diagnostics from 'node:diagnostics_channel';
import { lookup as systemLookup } from 'node:dns/promises';
import { type LookupFunction, Socket } from 'node:net';
import tls from 'node:tls';
import { AgentError } from '@turnstream/core';
import { Webhook } from 'standardwebhooks';
import { afterEach, expect, test, vi } from 'vitest';
import { callbackSigner } from '../src/callback/callback-signer.ts';
import { type EndedRun, type Lookup, type SendOptions, sendCallback } from '../src/callback/send-callback.ts';
import { type Receiver, receive } from './callback-receiver.ts';

vi.mock('node:dns/promises', () => ({ lookup: vi.fn() }));

const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const sentAt = 1_763_000_000_000;
const development: SendOptions = { allowLoopback: true };
const { signal } = new AbortController();

afterEach(() => void vi.useRealTimers());

function runTelling(callbackUrl: string, state: EndedRun['state'] = 'completed'): EndedRun {
  return { runId: 'run_1', sessionId: 'session_1', state, endedAtMs: sentAt - 2_500, callbackUrl };
}

function send(receiver: Receiver): ReturnType<typeof sendCallback> {
  return sendCallback(runTelling(receiver.url), callbackSigner(secret), signal, development);
}

function webhookHeaders({ headers }: Receiver['requests'][number]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('webhook-'))) as Record<
    string,
    string
  >;
}

/** The next message of one of undici's channels. */
function heard(channel: string): Promise<unknown> {
  return new Promise((resolve) => diagnostics.subscribe(channel, resolve));
}

test.each(['completed', 'incomplete', 'failed', 'cancelled'] as const)(
  'the receiver is told that a run is %s',
  async (state) => {
    await using receiver = await receive();
    const run = runTelling(receiver.url, state);

    const outcome = await sendCallback(run, callbackSigner(secret), signal, development);

    expect(outcome).toEqual({ status: 204, retryAfterMs: null });
    expect(receiver.requests.map(({ body }) => JSON.parse(body))).toEqual([
      {
        type: `run.${state}`,
        timestamp: '2025-11-13T02:13:17.500Z',
        data: { runId: 'run_1', sessionId: 'session_1', state },
      },
    ]);
  },
);

test('it is a POST of JSON to the path and query of the URL', async () => {
  const seen: unknown[] = [];
  await using receiver = await receive((response, { method, url, headers }) => {
    seen.push(method, url, headers['content-type'], headers.host);
    response.end();
  });

  await send(receiver);

  expect(seen).toEqual(['POST', '/told?token=abc', 'application/json', `127.0.0.1:${receiver.port}`]);
});

test('the receiver verifies it with the library of Standard Webhooks', async () => {
  await using receiver = await receive();

  await send(receiver);

  const [request] = receiver.requests;
  const verified = new Webhook(secret).verify(request!.body, webhookHeaders(request!));
  expect(verified).toMatchObject({ type: 'run.completed', data: { runId: 'run_1' } });
});

test.each<[string, (body: string) => string, number]>([
  ['another body', (body) => body.replace('run_1', 'run_2'), 0],
  ['a body with another blank', (body) => `${body} `, 0],
  ['one that is over five minutes old', (body) => body, 301],
])('the receiver does not take %s', async (_, change, seconds) => {
  vi.useFakeTimers({ now: sentAt, toFake: ['Date'] });
  await using receiver = await receive();
  await send(receiver);
  const [request] = receiver.requests;

  vi.setSystemTime(sentAt + seconds * 1000);
  const verifying = (): unknown => new Webhook(secret).verify(change(request!.body), webhookHeaders(request!));

  expect(verifying).toThrow(seconds === 0 ? 'No matching signature found' : 'Message timestamp too old');
});

test('every try has the same id and body, and its own time and signature', async () => {
  vi.useFakeTimers({ now: sentAt, toFake: ['Date'] });
  await using receiver = await receive((response) => response.writeHead(500).end());

  await send(receiver);
  vi.setSystemTime(sentAt + 5_000);
  await send(receiver);

  const [first, second] = receiver.requests;
  expect(second!.body).toBe(first!.body);
  expect([first, second].map((request) => request!.headers['webhook-id'])).toEqual(['msg_run_1', 'msg_run_1']);
  expect([first, second].map((request) => request!.headers['webhook-timestamp'])).toEqual(['1763000000', '1763000005']);
  expect(second!.headers['webhook-signature']).not.toBe(first!.headers['webhook-signature']);
  expect(() => new Webhook(secret).verify(second!.body, webhookHeaders(second!))).not.toThrow();
});

test.each([200, 204, 400, 404, 410, 500])('the status of the answer, %i, is the outcome', async (status) => {
  await using receiver = await receive((response) => response.writeHead(status).end());

  const outcome = await send(receiver);

  expect(outcome).toEqual({ status, retryAfterMs: null });
});

test.each([
  ['120', 120_000],
  ['0', 0],
  [new Date(sentAt + 90_000).toUTCString(), 90_000],
  [new Date(sentAt - 90_000).toUTCString(), 0],
  ['soon', null],
])('a receiver that asks for a wait of "%s" is heard', async (header, retryAfterMs) => {
  vi.useFakeTimers({ now: sentAt, toFake: ['Date'] });
  await using receiver = await receive((response) => response.writeHead(503, { 'retry-after': header }).end());

  const outcome = await send(receiver);

  expect(outcome).toEqual({ status: 503, retryAfterMs });
});

test.each([301, 302, 303, 307, 308])('a redirect, %i, is not followed', async (status) => {
  await using canary = await receive();
  await using receiver = await receive((response) => response.writeHead(status, { location: canary.url }).end());

  const outcome = await send(receiver);

  expect(outcome.status).toBe(status);
  expect(receiver.requests).toHaveLength(1);
  expect(await canary.connections()).toBe(0);
});

test('each try has its own connection, which is closed after it', async () => {
  await using receiver = await receive((response) => response.writeHead(200, { connection: 'keep-alive' }).end('ok'));

  await send(receiver);
  await send(receiver);

  await receiver.left();
  expect(await receiver.connections()).toBe(2);
});

test('an answer of some size is read to its end, so that its sender sees no broken connection', async () => {
  let bytes = 0;
  diagnostics.subscribe('undici:request:bodyChunkReceived', (message) => {
    bytes += (message as { chunk: Buffer }).chunk.length;
  });
  await using receiver = await receive((response) => {
    response.writeHead(200).flushHeaders();
    setImmediate(() => response.end('x'.repeat(60_000)));
  });

  const outcome = await send(receiver);

  expect([outcome.status, bytes]).toEqual([200, 60_000]);
});

test('of an endless answer at most 64 KiB are read, and its status counts', async () => {
  let bytes = 0;
  diagnostics.subscribe('undici:request:bodyChunkReceived', (message) => {
    bytes += (message as { chunk: Buffer }).chunk.length;
  });
  await using receiver = await receive((response) => {
    const flood = (): void => {
      while (response.write('x'.repeat(1_000)));
    };
    response.writeHead(200).on('drain', flood);
    flood();
  });

  const outcome = await send(receiver);

  await receiver.left();
  expect(outcome.status).toBe(200);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(64 * 1024);
});

test('a receiver that does not answer is left after 15 seconds', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const asked = Promise.withResolvers<void>();
  await using receiver = await receive(() => asked.resolve());

  const sending = send(receiver);
  await asked.promise;
  vi.advanceTimersByTime(14_999);
  const isOver = vi.fn();
  void sending.then(isOver);
  await receiver.connections();
  const timesBefore = isOver.mock.calls.length;
  vi.advanceTimersByTime(1);

  expect([timesBefore, await sending]).toEqual([0, { status: 'timeout', retryAfterMs: null }]);
  await receiver.left();
});

test('a receiver that does not end its answer is left after 15 seconds, and its status counts', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await using receiver = await receive((response) => response.writeHead(202).write('one moment'));
  const begun = heard('undici:request:bodyChunkReceived');

  const sending = send(receiver);
  await begun;
  vi.advanceTimersByTime(15_000);

  expect(await sending).toEqual({ status: 202, retryAfterMs: null });
  await receiver.left();
});

test('a resolver that does not answer is left after 15 seconds', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const asked = Promise.withResolvers<void>();
  const lookup: Lookup = () => {
    asked.resolve();
    return new Promise(() => {});
  };

  const sending = sendCallback(runTelling('https://receiver.example/'), callbackSigner(secret), signal, { lookup });
  await asked.promise;
  vi.advanceTimersByTime(15_000);

  expect(await sending).toEqual({ status: 'timeout', retryAfterMs: null });
});

test('nothing is left of the time limit when a try is over', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await using receiver = await receive();
  const set = vi.spyOn(globalThis, 'setTimeout');
  const cleared = vi.spyOn(globalThis, 'clearTimeout');

  await send(receiver);

  const limit = set.mock.results[set.mock.calls.findIndex(([, ms]) => ms === 15_000)];
  expect(cleared).toHaveBeenCalledWith(limit!.value);
});

test('a name that is not known is unreachable', async () => {
  const lookup: Lookup = () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }));

  const outcome = await sendCallback(runTelling('https://receiver.example/'), callbackSigner(secret), signal, {
    lookup,
  });

  expect(outcome).toEqual({ status: 'unreachable', retryAfterMs: null });
});

test('a name without an address is refused', async () => {
  const lookup: Lookup = async () => [];

  const outcome = await sendCallback(runTelling('https://receiver.example/'), callbackSigner(secret), signal, {
    lookup,
  });

  expect(outcome).toEqual({ status: 'refused', retryAfterMs: null });
});

test('a receiver that breaks the connection, or is not there, is unreachable', async () => {
  const receiver = await receive((response) => response.destroy());

  const broken = await send(receiver);
  await receiver[Symbol.asyncDispose]();
  const gone = await send(receiver);

  expect([broken.status, gone.status]).toEqual(['unreachable', 'unreachable']);
});

test('a server that stops takes its try back, with its own reason', async () => {
  const asked = Promise.withResolvers<void>();
  await using receiver = await receive(() => asked.resolve());
  const stopping = new AbortController();
  const reason = new AgentError('server_stopping', 'The server stops.');

  const sending = sendCallback(runTelling(receiver.url), callbackSigner(secret), stopping.signal, development);
  await asked.promise;
  stopping.abort(reason);

  await expect(sending).rejects.toBe(reason);
  await receiver.left();
});

test('a server that has stopped connects to nobody', async () => {
  await using receiver = await receive();
  const reason = new AgentError('server_stopping', 'The server stops.');

  const sending = sendCallback(
    runTelling(receiver.url),
    callbackSigner(secret),
    AbortSignal.abort(reason),
    development,
  );

  await expect(sending).rejects.toBe(reason);
  expect(await receiver.connections()).toBe(0);
});

/** Takes the place of the network: notes what would be connected to, by the lookup that Node is handed, and fails. */
function noNetwork(): { readonly options: tls.ConnectionOptions[]; readonly targets: unknown[] } {
  const options: tls.ConnectionOptions[] = [];
  const targets: unknown[] = [];
  const connect = (given: tls.ConnectionOptions & { lookup: LookupFunction; host: string }): Socket => {
    options.push(given);
    const socket = new Socket();
    given.lookup(given.host, { all: true }, (error, addresses) => {
      if (error === null) targets.push(addresses);
      socket.destroy(error ?? new Error('There is no network in tests.'));
    });
    return socket;
  };
  vi.spyOn(tls, 'connect').mockImplementation(connect as never);
  return { options, targets };
}

test('a name that is public when the run begins and loopback when it ends connects to nobody', async () => {
  await using canary = await receive();
  const answers = ['8.8.8.8', '127.0.0.1'];
  const lookup = vi.fn<Lookup>(async () => [{ address: answers.shift() ?? 'none', family: 4 }]);
  const run = runTelling(`https://receiver.example:${canary.port}/`);

  const network = noNetwork();
  const first = await sendCallback(run, callbackSigner(secret), signal, { ...development, lookup });
  vi.restoreAllMocks();
  const second = await sendCallback(run, callbackSigner(secret), signal, { ...development, lookup });

  expect([first.status, second.status]).toEqual(['unreachable', 'refused']);
  expect(network.targets).toEqual([[{ address: '8.8.8.8', family: 4 }]]);
  expect(lookup).toHaveBeenCalledTimes(2);
  expect(await canary.connections()).toBe(0);
});

test('the addresses that were checked are the ones connected to, over TLS that asks for the name of the host', async () => {
  const addresses = [
    { address: '8.8.8.8', family: 4 },
    { address: '2606:4700:4700::1111', family: 6 },
  ];
  const lookup = vi.fn<Lookup>(async () => addresses);
  const network = noNetwork();

  await sendCallback(runTelling('https://receiver.example/'), callbackSigner(secret), signal, { lookup });

  expect(network.targets).toEqual([addresses]);
  expect(lookup.mock.calls).toEqual([['receiver.example']]);
  expect(network.options).toMatchObject([
    { servername: 'receiver.example', ALPNProtocols: ['http/1.1'], autoSelectFamily: true },
  ]);
  expect(network.options[0]).not.toHaveProperty('rejectUnauthorized');
});

test('without a resolver of its own it asks the system for all addresses', async () => {
  await using canary = await receive();
  vi.mocked(systemLookup).mockResolvedValue([{ address: '127.0.0.1', family: 4 }] as never);
  const run = runTelling(`https://receiver.example:${canary.port}/`);

  const { status } = await sendCallback(run, callbackSigner(secret), signal);

  expect(status).toBe('refused');
  expect(vi.mocked(systemLookup).mock.calls).toEqual([['receiver.example', { all: true }]]);
  expect(await canary.connections()).toBe(0);
});

test.each([
  ['nothing', ''],
  ['another prefix', secret.replace('whsec_', 'sk_')],
  ['no prefix', secret.slice('whsec_'.length)],
  ['23 bytes', `whsec_${Buffer.alloc(23, 7).toString('base64')}`],
  ['65 bytes', `whsec_${Buffer.alloc(65, 7).toString('base64')}`],
  ['letters that are not base64', `whsec_${'!'.repeat(40)}`],
  ['base64 with a blank', `${secret} `],
  ['base64url', `whsec_${Buffer.alloc(24, 255).toString('base64url')}`],
])('a secret of %s is config_invalid, and not told', (_, malformed) => {
  const making = (): unknown => callbackSigner(malformed);

  expect(making).toThrow(
    expect.objectContaining({
      code: 'config_invalid',
      message: 'The secret for callbacks is malformed. It is "whsec_" and the base64 of 24 to 64 random bytes.',
    }),
  );
});

test.each([24, 64])('a secret of %i bytes is taken', (bytes) => {
  const random = `whsec_${Buffer.alloc(bytes, 9).toString('base64')}`;

  const signature = callbackSigner(random).sign('msg_run_1', new Date(sentAt), '{}');

  expect(signature).toBe(new Webhook(random).sign('msg_run_1', new Date(sentAt), '{}'));
});
