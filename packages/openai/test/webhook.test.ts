import { createHmac } from 'node:crypto';
import { AzureOpenAI, OpenAI } from 'openai';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { unwrapWebhook } from '../src/index.ts';
import { API_KEY } from './both-apis.ts';

const secret = `whsec_${Buffer.from('a secret of the webhook').toString('base64')}`;
const sentAt = 1_763_000_000;
const body = JSON.stringify({ id: 'evt_1', object: 'event', type: 'response.completed', data: { id: 'resp_1' } });

beforeEach(() => void vi.useFakeTimers({ now: sentAt * 1000, toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

function signed(payload: string, fields: { id?: string; at?: number; secret?: string } = {}): Record<string, string> {
  const { id = 'wh_1', at = sentAt } = fields;
  const key = Buffer.from((fields.secret ?? secret).slice('whsec_'.length), 'base64');
  // The SDK verifies one without an id as well; it is the library that refuses it.
  const text = id === '' ? `${at}.${payload}` : `${id}.${at}.${payload}`;
  const signature = createHmac('sha256', key).update(text).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': `v1,${signature}` };
}

test('a webhook that is proven says which run to poll', async () => {
  const webhook = await unwrapWebhook(secret, body, signed(body));

  expect(webhook).toEqual({ webhookId: 'wh_1', type: 'response.completed', responseId: 'resp_1' });
});

test.each([
  ['bytes', Buffer.from(body), signed(body)],
  ['Headers', body, new Headers(signed(body))],
  ['headers in other cases', body, { 'Webhook-Id': 'wh_1', ...withoutId(signed(body)) }],
  ['headers of a server', body, { ...signed(body), ':path': '/hook', cookie: undefined, accept: ['a', 'b'] }],
  ['headers as lists', body, Object.fromEntries(Object.entries(signed(body)).map(([name, value]) => [name, [value]]))],
  [
    'several signatures',
    body,
    { ...signed(body), 'webhook-signature': `v1,AAAA ${signed(body)['webhook-signature']}` },
  ],
])('it may come as %s', async (_, payload, headers) => {
  expect(await unwrapWebhook(secret, payload, headers)).toMatchObject({ responseId: 'resp_1' });
});

function withoutId(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'webhook-id'));
}

test.each([
  ['OpenAI', new OpenAI({ apiKey: API_KEY, webhookSecret: secret })],
  ['Azure', new AzureOpenAI({ apiKey: API_KEY, baseURL: 'http://x/openai', apiVersion: 'v', webhookSecret: secret })],
])('a client of %s may hold the secret', async (_, client) => {
  expect(await unwrapWebhook(client, body, signed(body))).toMatchObject({ webhookId: 'wh_1' });
});

test('an event about something else names no response', async () => {
  const batch = JSON.stringify({ id: 'evt_1', type: 'batch.completed', data: { id: 'batch_1' } });

  expect(await unwrapWebhook(secret, batch, signed(batch))).toEqual({
    webhookId: 'wh_1',
    type: 'batch.completed',
    responseId: null,
  });
});

test('one that was seen before is null, and only proven ones are asked about', async () => {
  const noted = new Set<string>();
  const seen = vi.fn(async (id: string) => noted.size === noted.add(id).size);

  const first = await unwrapWebhook(secret, body, signed(body), { seen });
  const again = await unwrapWebhook(secret, body, signed(body), { seen });
  const other = await unwrapWebhook(secret, body, signed(body, { id: 'wh_2' }), { seen });
  const forged = unwrapWebhook(secret, body, { ...signed(body), 'webhook-id': 'wh_3' }, { seen });

  expect([first?.webhookId, again, other?.webhookId]).toEqual(['wh_1', null, 'wh_2']);
  await expect(forged).rejects.toMatchObject({ code: 'webhook_invalid' });
  expect(seen.mock.calls.flat()).toEqual(['wh_1', 'wh_1', 'wh_2']);
});

test('what the note of ids throws is thrown on, so that the service sends it again', async () => {
  const down = new Error('database down');

  const unwrapping = unwrapWebhook(secret, body, signed(body), { seen: () => Promise.reject(down) });

  await expect(unwrapping).rejects.toBe(down);
});

test.each([-300, 300])('a webhook from %i seconds away is proven', async (seconds) => {
  expect(await unwrapWebhook(secret, body, signed(body, { at: sentAt + seconds }))).not.toBeNull();
});

const otherSecret = `whsec_${Buffer.from('another secret, of another webhook').toString('base64')}`;
const signature = 'webhook-signature';

test.each<[string, string | Uint8Array, Record<string, string>]>([
  ['another body', body.replace('resp_1', 'resp_2'), signed(body)],
  ['a body with another blank', `${body} `, signed(body)],
  ['another id', body, { ...signed(body), 'webhook-id': 'wh_2' }],
  ['another time', body, { ...signed(body), 'webhook-timestamp': String(sentAt + 1) }],
  ['another secret', body, signed(body, { secret: otherSecret })],
  ['an old time', body, signed(body, { at: sentAt - 301 })],
  ['a time to come', body, signed(body, { at: sentAt + 301 })],
  ['an invalid time', body, { ...signed(body), 'webhook-timestamp': 'soon' }],
  ['no id', body, withoutId(signed(body))],
  ['an empty id', body, { ...signed(body, { id: '' }) }],
  ['no headers', body, {}],
  ['an empty signature', body, { ...signed(body), [signature]: '' }],
  ['an invalid signature', body, { ...signed(body), [signature]: 'v1,%%%' }],
  ['a signature without its beginning', body, { ...signed(body), [signature]: signed(body)[signature]!.slice(9) }],
  ['a parsed body', JSON.parse(body), signed(body)],
  ['bytes that are not text', Uint8Array.of(0xff, 0xfe), signed(body)],
  ['signed words', 'hello', signed('hello')],
  ['a signed list', '[1]', signed('[1]')],
  ['an event without a type', '{"data":{"id":"resp_1"}}', signed('{"data":{"id":"resp_1"}}')],
])('%s proves nothing: webhook_invalid', async (_, payload, headers) => {
  const unwrapping = unwrapWebhook(secret, payload, headers);

  await expect(unwrapping).rejects.toMatchObject({
    name: 'AgentError',
    code: 'webhook_invalid',
    message: expect.stringMatching(/^This is not a webhook of the service\. .*Answer it with 400\.$/),
  });
});

test('a body that begins with a byte order mark is verified as it came', async () => {
  const marked = `\uFEFF${body}`;

  const unwrapping = unwrapWebhook(secret, Buffer.from(marked), signed(body));

  await expect(unwrapping).rejects.toMatchObject({ code: 'webhook_invalid' });
});

test.each([[''], [new OpenAI({ apiKey: API_KEY, webhookSecret: null })]])(
  'without a secret nothing can be proven: config_invalid',
  async (from) => {
    await expect(unwrapWebhook(from, body, signed(body))).rejects.toMatchObject({ code: 'config_invalid' });
  },
);

test('a body that was parsed is said to be one, for that is the usual mistake', async () => {
  const unwrapping = unwrapWebhook(secret, JSON.parse(body) as string, signed(body));

  await expect(unwrapping).rejects.toThrow('The body has been parsed: pass the raw one.');
});

test.each(['', 'hello', '[1]'])('a signed body of %j is not blamed on its signature', async (payload) => {
  const unwrapping = unwrapWebhook(secret, payload, signed(payload));

  await expect(unwrapping).rejects.toThrow('The signature is valid, but the body is not an event.');
});

test('the cause is kept, without the secret', async () => {
  const client = new OpenAI({ apiKey: API_KEY, webhookSecret: secret });
  vi.spyOn(client.webhooks, 'verifySignature').mockRejectedValue(new Error(`cannot use ${secret}`));

  const missing = await unwrapWebhook(secret, body, {}).catch((error: unknown) => error);
  const telling = await unwrapWebhook(client, body, signed(body)).catch((error: unknown) => error);

  expect(missing).toMatchObject({
    cause: expect.objectContaining({ message: 'Missing required header: webhook-signature' }),
  });
  expect(telling).toMatchObject({ cause: expect.objectContaining({ message: 'cannot use [redacted]' }) });
});
