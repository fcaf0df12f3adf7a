// Which requests go over node:http, and which are left to the global fetch: that one names its mode in a header.
import { type Dispatcher, getGlobalDispatcher, ProxyAgent, setGlobalDispatcher, Agent as UndiciAgent } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { newTransport } from '../../src/transport/node-transport.ts';
import { textOf } from './both-transports.ts';
import { type RawServer, serveRaw } from './raw-server.ts';

const headers = new Headers({ 'content-type': 'text/plain' });
const plain: RequestInit = { method: 'POST', headers, body: 'Hi' };
const transport = newTransport();

const overFetch = ({ requests }: RawServer): boolean => requests[0]?.headers['sec-fetch-mode'] !== undefined;

test.each<[string, RequestInit]>([
  ['a text', plain],
  ['bytes', { ...plain, body: new TextEncoder().encode('Hi') }],
  ['no body', { method: 'POST', headers }],
  ['a signal', { ...plain, signal: new AbortController().signal }],
])('a request with %s goes over node:http', async (_, init) => {
  await using server = await serveRaw([(response) => void response.end('hello')]);

  const text = await textOf(await transport(server.origin, init));

  expect([text, overFetch(server)]).toEqual(['hello', false]);
});

test.each<[string, (origin: string) => Parameters<typeof transport>]>([
  ['an address that is a URL', (origin) => [new URL(origin), plain]],
  ['nothing but its address', (origin) => [origin]],
  ['headers in an object', (origin) => [origin, { ...plain, headers: { 'x-team': 'blue' } }]],
  ['a form', (origin) => [origin, { ...plain, body: new URLSearchParams({ a: 'b' }) }]],
  ['a wish of its own', (origin) => [origin, { ...plain, cache: 'no-store' }]],
])('a request with %s goes over fetch', async (_, requestTo) => {
  await using server = await serveRaw([(response) => void response.end('hello')]);

  const text = await textOf(await transport(...requestTo(server.origin)));

  expect([text, overFetch(server)]).toEqual(['hello', true]);
});

class OtherAgent extends UndiciAgent {}

test.each<[string, () => Dispatcher, boolean]>([
  ['an agent without options, as Node has itself', () => new UndiciAgent(), false],
  ['an agent with options', () => new UndiciAgent({ keepAliveTimeout: 10 }), true],
  ['an agent that somebody extended', () => new OtherAgent(), true],
  ['a proxy around an agent', () => new Proxy(new UndiciAgent(), {}), true],
])('with %s as the dispatcher of the program, requests go over fetch: %s', async (_, newDispatcher, expected) => {
  await using server = await serveRaw([(response) => void response.end('hello')]);
  const before = getGlobalDispatcher();
  onTestFinished(() => setGlobalDispatcher(before));

  setGlobalDispatcher(newDispatcher());
  const text = await textOf(await transport(server.origin, plain));

  expect([text, overFetch(server)]).toEqual(['hello', expected]);
});

test('a program that sends everything through a proxy has its model calls there too', async () => {
  await using proxy = await serveRaw([(response) => void response.end('from the proxy')]);
  const before = getGlobalDispatcher();
  onTestFinished(() => setGlobalDispatcher(before));

  setGlobalDispatcher(new ProxyAgent({ uri: proxy.origin, proxyTunnel: false }));
  const text = await textOf(await transport('http://model.test/v1', plain));

  expect(text).toBe('from the proxy');
});
