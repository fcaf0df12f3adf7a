// Background responses that are gone, refused, failed or not what was asked for.
import type { BackgroundClient } from '@turnstream/core/seams';
import { background, mockModel, rawReply, reply, responseFailed } from '@turnstream/testkit';
import { expect, test, vi } from 'vitest';
import { OpenAIResponsesClient } from '../../src/index.ts';
import { API_KEY } from '../both-apis.ts';
import { clientOf, json, letters, options, polled, read, textOf } from './background-reads.ts';

test('a response that failed says why, in the words of the service', async () => {
  const fault = responseFailed({ chunks: 1 }, { code: 'rate_limit_exceeded', message: 'Slow down.' });
  using model = mockModel(background(reply(letters, { fault })));
  const client = clientOf(model);
  await client.start(polled());

  const { status, error, updates } = await client.get('resp_1', options());

  expect([status, updates]).toEqual(['failed', []]);
  expect(error).toMatchObject({ name: 'AgentError', code: 'response_failed', serviceCode: 'rate_limit_exceeded' });
  expect(error?.message).toContain('Slow down.');
});

test('an incomplete response is an answer that says so, and keeps what there is of it', async () => {
  using model = mockModel(background(reply(letters, { finishReason: 'length' })));
  const client = clientOf(model);
  await client.start(polled());

  const snapshot = await client.get('resp_1', options());

  expect([snapshot.status, textOf(snapshot)]).toEqual(['incomplete', 'Alpha beta gamma delta.']);
  expect(snapshot.updates.at(-1)?.finishReason).toBe('length');
});

test('what the service does not keep any more is expired, for a look, a stream and a cancel', async () => {
  using model = mockModel();
  const client = clientOf(model);

  const looked = await client.get('resp_gone', options());
  const cancelled = await client.cancel('resp_gone', options());
  const streamed = await read(client.stream('resp_gone', { after: 5, ...options() }));

  const expired = { id: 'resp_gone', status: 'expired', updates: [], error: null, retryAfterMs: null };
  expect([looked, cancelled]).toEqual([expired, expired]);
  expect(streamed).toMatchObject({ events: [], error: null });
});

test('a cancel that the service refuses although the response is open is its error', async () => {
  const fetch = vi.fn(async (_url: string | URL | Request, init?: RequestInit) =>
    init?.method?.toUpperCase() === 'POST'
      ? Response.json({ error: { message: 'Not now.' } }, { status: 400 })
      : Response.json({ id: 'resp_1', object: 'response', status: 'in_progress', output: [] }),
  );
  const client = new OpenAIResponsesClient({ model: 'm', apiKey: API_KEY, baseURL: 'http://model.test/v1', fetch });

  const cancel = client.background.cancel('resp_1', options());

  await expect(cancel).rejects.toMatchObject({ code: 'bad_request', message: expect.stringContaining('Not now.') });
});

test.each([
  ['a look', (client: BackgroundClient) => client.get('resp_1', options())],
  ['a cancel', (client: BackgroundClient) => client.cancel('resp_1', options())],
])('%s that fails otherwise is an error', async (_, act) => {
  const fetch = async () => Response.json({ error: { message: 'Down.' } }, { status: 503 });
  const given = { model: 'm', apiKey: API_KEY, baseURL: 'http://model.test/v1', fetch, maxRetries: 0 };

  await expect(act(new OpenAIResponsesClient(given).background)).rejects.toMatchObject({ code: 'server_error' });
});

test.each([
  ['paused', 'in_progress'],
  ['expired', 'expired'],
])('the status %s counts as %s', async (status, expected) => {
  const fetch = async () => Response.json({ id: 'resp_1', object: 'response', status, output: [] });
  const client = new OpenAIResponsesClient({ model: 'm', apiKey: API_KEY, baseURL: 'http://model.test/v1', fetch });

  expect((await client.background.get('resp_1', options())).status).toBe(expected);
});

test.each([
  ['JSON that is not a response', json, '{"hello":1}'],
  ['a response without an id', json, '{"object":"response","status":"queued"}'],
  ['a page', { 'content-type': 'text/html' }, '<html>'],
])('%s is not_a_stream', async (_, headers, body) => {
  using model = mockModel(rawReply({ headers, body }));

  const start = clientOf(model).start(polled());

  await expect(start).rejects.toMatchObject({ code: 'not_a_stream' });
});

test('with a signal that is aborted already nothing is sent', async () => {
  using model = mockModel();
  const reason = new Error('enough');
  const client = clientOf(model);
  const given = { signal: AbortSignal.abort(reason) };

  await expect(client.start({ ...polled(), ...given })).rejects.toBe(reason);
  await expect(client.get('resp_1', given)).rejects.toBe(reason);
  await expect(client.cancel('resp_1', given)).rejects.toBe(reason);
  expect((await read(client.stream('resp_1', { after: null, ...given }))).error).toBe(reason);
  expect(model.requests).toEqual([]);
});
