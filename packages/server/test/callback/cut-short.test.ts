// A try that does not come to its end: by the time limit, by its receiver, or by the server that stops.
import diagnostics from 'node:diagnostics_channel';
import { AgentError } from '@turnstream/core';
import { afterEach, expect, test, vi } from 'vitest';
import { type Lookup, sendCallback } from '../../src/callback/send.ts';
import { callbackSigner } from '../../src/callback/signer.ts';
import { receive } from './receiver.ts';
import { development, runNotifying, secret, send, signal } from './try.ts';

afterEach(() => void vi.useRealTimers());

/** The next message of one of undici's channels. */
function heard(channel: string): Promise<unknown> {
  return new Promise((resolve) => diagnostics.subscribe(channel, resolve));
}

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

  const sending = sendCallback(runNotifying('https://receiver.example/'), callbackSigner(secret), signal, { lookup });
  await asked.promise;
  vi.advanceTimersByTime(15_000);

  expect(await sending).toEqual({ status: 'timeout', retryAfterMs: null });
});

test('nothing is left of the time limit when a try is over', async () => {
  await using receiver = await receive();
  const set = vi.spyOn(globalThis, 'setTimeout');
  const cleared = vi.spyOn(globalThis, 'clearTimeout');

  await send(receiver);

  const limit = set.mock.results[set.mock.calls.findIndex(([, ms]) => ms === 15_000)];
  expect(cleared).toHaveBeenCalledWith(limit!.value);
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

  const sending = sendCallback(runNotifying(receiver.url), callbackSigner(secret), stopping.signal, development);
  await asked.promise;
  stopping.abort(reason);

  await expect(sending).rejects.toBe(reason);
  await receiver.left();
});

test('a server that has stopped connects to nobody', async () => {
  await using receiver = await receive();
  const reason = new AgentError('server_stopping', 'The server stops.');

  const sending = sendCallback(
    runNotifying(receiver.url),
    callbackSigner(secret),
    AbortSignal.abort(reason),
    development,
  );

  await expect(sending).rejects.toBe(reason);
  expect(await receiver.connections()).toBe(0);
});
