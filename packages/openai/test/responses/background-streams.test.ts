// The stream of a background response: left, cut, resumed, and refused.
import { background, mockModel, reply, resetAfter, serveModel, stallAfter, truncateAfter } from '@turnstream/testkit';
import { expect, test, vi } from 'vitest';
import { OpenAIResponsesClient } from '../../src/index.ts';
import { API_KEY, question } from '../both-apis.ts';
import { clientOf, letters, options, polled, read } from './background-reads.ts';

test('a response that is started as a stream hands over its stream: one request, and nothing is lost', async () => {
  using model = mockModel(background(reply(letters)));
  const client = clientOf(model);

  const started = await client.start(question());
  const { events, texts, error } = await read(client.stream('resp_1', { after: null, ...options() }));

  expect([started.id, started.status]).toEqual(['resp_1', 'queued']);
  expect([texts, error]).toEqual([letters, null]);
  expect(events.map(({ sequenceNumber }) => sequenceNumber)).toEqual([0, 5, 6, 7, 8, 12]);
  expect(model.requests).toHaveLength(1);
  expect(model.requests[0]!.body).toMatchObject({ background: true, stream: true });
});

test('a stream that is asked for after a number is not the one that came with the start', async () => {
  using model = mockModel(background(reply(letters), { streams: ['whole', 'whole'] }));
  const client = clientOf(model);
  await client.start(question());

  const later = await read(client.stream('resp_1', { after: 6, ...options() }));
  const first = await read(client.stream('resp_1', { after: null, ...options() }));

  expect([later.texts, first.texts]).toEqual([['gamma ', 'delta.'], letters]);
});

test('a stream from the beginning that is cut before its first event has not ended', async () => {
  const cut = truncateAfter({ frames: 0 });
  using model = mockModel(background(reply(letters), { streams: ['whole', cut, cut] }));
  const client = clientOf(model);
  await client.start(question());
  await read(client.stream('resp_1', { after: null, ...options() }));

  const again = await read(client.stream('resp_1', { after: null, ...options() }));

  expect(again).toMatchObject({ events: [], error: { code: 'stream_truncated' } });
});

test('a stream that is left closes its connection and resumes after its number: nothing twice', async () => {
  await using model = await serveModel(background(reply(letters), { streams: [stallAfter({ chunks: 2 })] }));
  const client = clientOf(model);
  await client.start(question());

  const first = await read(client.stream('resp_1', { after: null, ...options() }), 2);
  await model.requests[0]!.closed;
  const rest = await read(client.stream('resp_1', { after: first.last, ...options() }));

  expect([first.texts, rest.texts]).toEqual([
    ['Alpha ', 'beta '],
    ['gamma ', 'delta.'],
  ]);
  expect(model.requests[0]!.closedEarly).toBe(true);
  expect(model.requests[1]).toMatchObject({ method: 'GET', path: '/v1/responses/resp_1?stream=true&starting_after=6' });
});

test('a stream that nobody reads is closed after two seconds, and read from its beginning later', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await using model = await serveModel(background(reply(letters), { streams: [stallAfter({ frames: 1 })] }));
  const client = clientOf(model);
  await client.start(question());

  vi.advanceTimersByTime(1_999);
  const timersBefore = vi.getTimerCount();
  vi.advanceTimersByTime(1);
  const timersAfter = vi.getTimerCount();
  await model.requests[0]!.closed;
  vi.useRealTimers();
  const { texts } = await read(client.stream('resp_1', { after: null, ...options() }));

  expect(timersBefore - timersAfter).toBe(1);
  expect(model.requests[0]!.closedEarly).toBe(true);
  expect(texts).toEqual(letters);
  expect(model.requests[1]!.path).toBe('/v1/responses/resp_1?stream=true');
});

test('cut at any event and resumed there, the stream yields every event once', async () => {
  for (let frames = 1; frames <= 12; frames += 1) {
    await using model = await serveModel(background(reply(letters), { streams: [truncateAfter({ frames })] }));
    const client = clientOf(model);
    await client.start(question());

    const cut = await read(client.stream('resp_1', { after: null, ...options() }));
    const rest = await read(client.stream('resp_1', { after: cut.last, ...options() }));

    expect(cut.error).toMatchObject({ code: 'stream_truncated' });
    expect(rest.error).toBeNull();
    expect([...cut.texts, ...rest.texts]).toEqual(letters);
    const numbers = [...cut.events, ...rest.events].map(({ sequenceNumber }) => sequenceNumber);
    expect(numbers).toEqual([0, 5, 6, 7, 8, 12]);
  }
});

test('a connection that breaks is stream_truncated, with the cause', async () => {
  await using model = await serveModel(background(reply(letters), { streams: [resetAfter({ chunks: 2 })] }));
  const client = clientOf(model);
  await client.start(question());

  const { texts, error } = await read(client.stream('resp_1', { after: null, ...options() }));

  expect(texts).toEqual(['Alpha ', 'beta ']);
  expect(error).toMatchObject({ code: 'stream_truncated', cause: expect.any(Error) });
});

test('resumed after its last event, a stream has ended; cut before its first one, it has not', async () => {
  const streams = ['whole', 'whole', 'whole', truncateAfter({ frames: 0 })] as const;
  using model = mockModel(
    background(reply(letters), { streams }),
    background(reply(letters), { looks: ['in_progress', 'done'], streams: ['whole', truncateAfter({ frames: 0 })] }),
  );
  const client = clientOf(model);
  await client.start(question());
  const { last } = await read(client.stream('resp_1', { after: null, ...options() }));

  const ended = await read(client.stream('resp_1', { after: last, ...options() }));
  await client.start(question());
  const first = await read(client.stream('resp_2', { after: null, ...options() }), 2);
  const cut = await read(client.stream('resp_2', { after: first.last, ...options() }));

  expect(ended).toMatchObject({ events: [], error: null });
  expect(cut).toMatchObject({ events: [], error: { code: 'stream_truncated' } });
});

test('a stream cut before its first event can be resumed after the response has ended', async () => {
  using model = mockModel(background(reply(letters), { streams: ['whole', truncateAfter({ frames: 0 })] }));
  const client = clientOf(model);
  await client.start(question());
  const first = await read(client.stream('resp_1', { after: null, ...options() }), 2);

  const rest = await read(client.stream('resp_1', { after: first.last, ...options() }));

  expect(rest).toMatchObject({ texts: ['gamma ', 'delta.'], error: null });
});

test('the stream of a response that is cancelled ends', async () => {
  using model = mockModel(background(reply(letters), { looks: ['queued'], streams: [stallAfter({ chunks: 1 })] }));
  const client = clientOf(model);
  await client.start(question());
  const first = await read(client.stream('resp_1', { after: null, ...options() }), 1);

  const { status } = await client.cancel('resp_1', options());
  const rest = await read(client.stream('resp_1', { after: first.last, ...options() }));

  expect(status).toBe('cancelled');
  expect(rest).toMatchObject({ texts: [], error: null });
});

test('a response that was not started as a stream is not streamed by the service: bad_request', async () => {
  using model = mockModel(background(reply(letters)));
  const client = clientOf(model);
  await client.start(polled());

  const { error } = await read(client.stream('resp_1', { after: null, ...options() }));

  expect(error).toMatchObject({ code: 'bad_request', message: expect.stringContaining('stream=true') });
});

test('events that the service no longer streams are refused, not taken for none', async () => {
  using model = mockModel(background(reply(letters)));
  const client = clientOf(model);
  await client.start(polled());
  await client.get('resp_1', options());

  const { error } = await read(client.stream('resp_1', { after: 3, ...options() }));

  expect(error).toMatchObject({ code: 'bad_request' });
});

test('a service that answers one response where events were asked for is not_a_stream', async () => {
  const fetch = async () => Response.json({ id: 'resp_1', object: 'response', status: 'completed', output: [] });
  const client = new OpenAIResponsesClient({ model: 'm', apiKey: API_KEY, baseURL: 'http://model.test/v1', fetch });

  const { error } = await read(client.background.stream('resp_1', { after: null, ...options() }));

  expect(error).toMatchObject({ code: 'not_a_stream' });
});
