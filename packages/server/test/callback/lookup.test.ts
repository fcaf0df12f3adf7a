// The name of a receiver is looked up once for each try, and only addresses that were checked are connected to.
import dns from 'node:dns/promises';
import { type LookupFunction, Socket } from 'node:net';
import tls from 'node:tls';
import { expect, test, vi } from 'vitest';
import { type Lookup, sendCallback } from '../../src/callback/send.ts';
import { callbackSigner } from '../../src/callback/signer.ts';
import { receive } from './receiver.ts';
import { development, runNotifying, secret, signal } from './try.ts';

test('a name that is not known is unreachable', async () => {
  const lookup: Lookup = () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }));

  const outcome = await sendCallback(runNotifying('https://receiver.example/'), callbackSigner(secret), signal, {
    lookup,
  });

  expect(outcome).toEqual({ status: 'unreachable', retryAfterMs: null });
});

test('a name without an address is refused', async () => {
  const lookup: Lookup = async () => [];

  const outcome = await sendCallback(runNotifying('https://receiver.example/'), callbackSigner(secret), signal, {
    lookup,
  });

  expect(outcome).toEqual({ status: 'refused', retryAfterMs: null });
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
  const run = runNotifying(`https://receiver.example:${canary.port}/`);

  const network = noNetwork();
  const first = await sendCallback(run, callbackSigner(secret), signal, {
    ...development,
    lookup,
    ports: [canary.port],
  });
  vi.restoreAllMocks();
  const second = await sendCallback(run, callbackSigner(secret), signal, {
    ...development,
    lookup,
    ports: [canary.port],
  });

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

  await sendCallback(runNotifying('https://receiver.example/'), callbackSigner(secret), signal, { lookup });

  expect(network.targets).toEqual([addresses]);
  expect(lookup.mock.calls).toEqual([['receiver.example']]);
  expect(network.options).toMatchObject([
    { servername: 'receiver.example', ALPNProtocols: ['http/1.1'], autoSelectFamily: true },
  ]);
  expect(network.options[0]).not.toHaveProperty('rejectUnauthorized');
});

test('without a resolver of its own it asks the system for all addresses', async () => {
  await using canary = await receive();
  const systemLookup = vi.spyOn(dns, 'lookup').mockResolvedValue([{ address: '127.0.0.1', family: 4 }] as never);
  const run = runNotifying(`https://receiver.example:${canary.port}/`);

  const { status } = await sendCallback(run, callbackSigner(secret), signal, { ports: [canary.port] });

  expect(status).toBe('refused');
  expect(systemLookup.mock.calls).toEqual([['receiver.example', { all: true }]]);
  expect(await canary.connections()).toBe(0);
});
