// Runs and streams: rows M1 to M13, M21 and M22 of the comparison with other libraries, asserted on what the model saw.
import { Agent } from '@turnstream/core';
import {
  errorFrame,
  everyByte,
  httpError,
  malformedFrame,
  mockModel,
  reply,
  resetAfter,
  responseFailed,
  serveModel,
  truncateAfter,
} from '@turnstream/testkit';
import { describe, expect, test } from 'vitest';
import { clients, readTexts, settled } from './clients.ts';

const forty = Array.from({ length: 40 }, (_, index) => `word${index} `);

describe.each(clients)('$api', ({ api, connect }) => {
  test('M1: nothing is sent until somebody reads', async () => {
    using model = mockModel();
    const agent = new Agent({ client: connect(model) });

    agent.runStreaming('Tell me');
    await new Promise((resolve) => setImmediate(resolve));

    expect(model.requests).toEqual([]);
  });

  test('M2, M3: break closes the model connection, and the final response is what was seen, marked as cancelled', async () => {
    await using model = await serveModel(reply(forty, { chunkDelayMs: 5 }));
    const stream = new Agent({ client: connect(model) }).runStreaming('Tell me');

    let seen = 0;
    for await (const update of stream) if (update.text !== '' && ++seen === 3) break;
    await model.requests[0]?.closed;

    expect(model.requests[0]).toMatchObject({ closedEarly: true, bytesAfterLeaving: 0 });
    expect(model.requests[0]?.chunksSent).toBeLessThan(10);
    expect(await stream.finalResponse()).toMatchObject({ text: 'word0 word1 word2 ', status: 'cancelled' });
  });

  test("M4: abort closes the model connection and throws the signal's reason", async () => {
    await using model = await serveModel(reply(forty, { chunkDelayMs: 5 }));
    const stop = new AbortController();
    const reason = new Error('the user left');
    const stream = new Agent({ client: connect(model) }).runStreaming('Tell me', { signal: stop.signal });

    const reading = (async () => {
      for await (const update of stream) if (update.text !== '') stop.abort(reason);
    })();

    await expect(reading).rejects.toBe(reason);
    await expect(stream.finalResponse()).rejects.toBe(reason);
    await model.requests[0]?.closed;
    expect(model.requests[0]).toMatchObject({ closedEarly: true, bytesAfterLeaving: 0 });
  });

  test('M4: abort before the first byte closes the connection too', async () => {
    await using model = await serveModel(reply('late', { firstChunkDelayMs: 60_000 }));
    const stop = new AbortController();
    const reason = new Error('too slow');
    const run = new Agent({ client: connect(model) }).run('Tell me', { signal: stop.signal });
    while (model.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));

    stop.abort(reason);

    await expect(run).rejects.toBe(reason);
    await model.requests[0]?.closed;
    expect(model.requests[0]?.closedEarly).toBe(true);
  });

  test('M5: a signal aborted already sends nothing and throws its reason', async () => {
    using model = mockModel();
    const reason = new Error('never mind');

    const run = new Agent({ client: connect(model) }).run('Tell me', { signal: AbortSignal.abort(reason) });

    await expect(run).rejects.toBe(reason);
    expect(model.requests).toEqual([]);
  });

  test('M6: a clean end without an end mark is a truncated stream, and the partial text is at hand', async () => {
    using model = mockModel(reply(forty, { fault: truncateAfter({ chunks: 3 }) }));
    const stream = new Agent({ client: connect(model) }).runStreaming('Tell me');

    const reading = settled(readTexts(stream));

    expect(await reading).toMatchObject({
      code: 'stream_truncated',
      partial: { text: 'word0 word1 word2 ', status: 'failed' },
    });
    await expect(stream.finalResponse()).rejects.toBe(await reading);
  });

  test('M7: a connection that breaks in mid-answer is a truncated stream', async () => {
    await using model = await serveModel(reply(forty, { fault: resetAfter({ chunks: 3 }) }));

    const run = settled(readTexts(new Agent({ client: connect(model) }).runStreaming('Tell me')));

    expect(await run).toMatchObject({ code: 'stream_truncated', partial: { text: 'word0 word1 word2 ' } });
  });

  test.each(['nested', 'flat', 'named'] as const)('M8: an error inside the stream (%s) throws', async (shape) => {
    const fault = errorFrame({ chunks: 2 }, { code: 'server_error', message: 'boom', shape });
    using model = mockModel(reply(forty, { fault }));

    const run = settled(readTexts(new Agent({ client: connect(model) }).runStreaming('Tell me')));

    expect(await run).toMatchObject({ serviceCode: 'server_error', partial: { text: 'word0 word1 ' } });
  });

  test('M10: a frame that is not JSON throws, and its text is in no message', async () => {
    using model = mockModel(reply(['one ', 'two ', 'three'], { fault: malformedFrame({ chunks: 2 }) }));

    const error = await settled(readTexts(new Agent({ client: connect(model) }).runStreaming('Tell me')));

    expect(error).toMatchObject({ code: 'stream_malformed', partial: { text: 'one two ' } });
    expect(String(error)).not.toContain('three');
  });

  test('M11: a 401 throws where the text is read', async () => {
    using model = mockModel(
      httpError(401, { code: 'invalid_api_key', message: 'Incorrect API key provided: test-key' }),
    );

    const error = await settled(readTexts(new Agent({ client: connect(model) }).runStreaming('Tell me')));

    expect(error).toMatchObject({ code: 'auth', status: 401 });
    expect(String(error)).not.toContain('test-key');
  });

  test('M12: one failure of the service is retried before the first byte', async () => {
    using model = mockModel(httpError(500, { headers: { 'retry-after-ms': '1' } }), reply('fine'));

    const response = await new Agent({ client: connect(model) }).run('Tell me');

    expect(response.text).toBe('fine');
    expect(model.requests.map((request) => request.headers['x-stainless-retry-count'])).toEqual(['0', '1']);
  });

  test('M13: every byte in a write of its own, inside emoji and CJK, gives the exact text', async () => {
    const chunks = ['é日', '👩‍👩‍👧 e\u0301'];
    using model = mockModel(reply(chunks, { cuts: everyByte }));

    const texts = await readTexts(new Agent({ client: connect(model) }).runStreaming('Tell me'));

    expect(texts).toEqual(chunks);
  });

  test('M21: reading the same stream twice throws', async () => {
    using model = mockModel(reply('once'));
    const stream = new Agent({ client: connect(model) }).runStreaming('Tell me');
    await readTexts(stream);

    const again = readTexts(stream);

    await expect(again).rejects.toMatchObject({ code: 'stream_consumed' });
  });

  test('M22: a 401 seen by the text alone leaves no rejection unhandled', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    using model = mockModel(httpError(401));

    await settled(Array.fromAsync(new Agent({ client: connect(model) }).runStreaming('Tell me').textStream));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);

    expect(unhandled).toEqual([]);
  });

  test('streamed or whole, the same script gives the same answer', async () => {
    using model = mockModel(reply(['A lang', 'uage.']), reply(['A lang', 'uage.']));
    const agent = new Agent({ client: connect(model) });

    const streamed = await agent.runStreaming('What is Python?').finalResponse();
    const whole = await agent.run('What is Python?');

    expect(streamed.text).toBe('A language.');
    expect(whole.text).toBe(streamed.text);
    expect(model.requests.map((request) => request.body['stream'])).toEqual([true, false]);
    expect(model.requests.map((request) => request.api)).toEqual(
      Array(2).fill(api === 'Responses' ? 'responses' : 'chat_completions'),
    );
  });
});

test('M9: a Responses answer that ends in response.failed throws, and its words are at hand', async () => {
  const fault = responseFailed({ chunks: 2 }, { code: 'server_error', message: 'boom' });
  using model = mockModel(reply(forty, { fault }), reply(forty, { fault }));
  const [, responses] = clients;
  const agent = new Agent({ client: responses!.connect(model) });

  const streamed = await settled(readTexts(agent.runStreaming('Tell me')));
  const whole = await settled(agent.run('Tell me'));

  expect(streamed).toMatchObject({ serviceCode: 'server_error', partial: { text: 'word0 word1 ' } });
  expect(whole).toMatchObject({ serviceCode: 'server_error' });
});
