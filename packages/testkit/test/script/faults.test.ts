import { expect, test } from 'vitest';
import {
  type ByteFault,
  duplicateFrame,
  errorFrame,
  type Fault,
  floodAfter,
  malformedFrame,
  missingFrame,
  mockModel,
  rawReply,
  reply,
  resetAfter,
  responseFailed,
  truncateAfter,
  unknownEvent,
} from '../../src/index.ts';
import {
  bothApis,
  chatBody,
  chatPath,
  framesIn,
  post,
  postForFrames,
  postJson,
  readChunks,
  readText,
  responsesBody,
  responsesPath,
  textIn,
} from '../reader.ts';

const words = ['one ', 'two ', 'three'];

function broken(fault: Fault): ReturnType<typeof reply> {
  return reply(words, { fault });
}

test.each(bothApis)('a truncated answer ends cleanly, after the chunks it names, over %s', async (_, path, body) => {
  using model = mockModel(...[0, 1, 2, 3, 9].map((chunks) => broken(truncateAfter({ chunks }))));
  const texts: string[] = [];
  const errors: unknown[] = [];

  for (let count = 0; count < 5; count += 1) {
    const { chunks, error } = await readChunks(await post(model, path, body));
    texts.push(textIn(framesIn(Buffer.concat(chunks).toString('utf8'))));
    errors.push(error);
  }

  expect(texts).toEqual(['', 'one ', 'one two ', 'one two three', 'one two three']);
  expect(errors).toEqual([null, null, null, null, null]);
  expect(model.requests.map(({ chunksSent }) => chunksSent)).toEqual([0, 1, 2, 3, 3]);
});

test('a fault before the first chunk lets the opening frames through, a fault before the first frame none', async () => {
  using model = mockModel(broken(truncateAfter({ chunks: 0 })), broken(truncateAfter({ frames: 0 })));

  const opened = framesIn(await readText(await post(model, responsesPath, responsesBody)));
  const empty = await readText(await post(model, responsesPath, responsesBody));

  expect(opened.map(({ event }) => event)).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
  ]);
  expect(empty).toBe('');
});

test.each(bothApis)(
  'the bytes before a reset arrive, then the reader sees the reset, over %s',
  async (_, path, body) => {
    using model = mockModel(broken(resetAfter({ bytes: 37 })), broken(resetAfter({ chunks: 2 })));

    const early = await readChunks(await post(model, path, body));
    const late = await readChunks(await post(model, path, body));

    expect(Buffer.concat(early.chunks)).toHaveLength(37);
    expect(textIn(framesIn(Buffer.concat(late.chunks).toString('utf8')))).toBe('one two ');
    expect([early.error, late.error]).toEqual([expect.any(TypeError), expect.any(TypeError)]);
  },
);

test.each(bothApis)('a malformed frame is not JSON, over %s', async (_, path, body) => {
  using model = mockModel(broken(malformedFrame({ chunks: 1 })));

  const frames = framesIn(await readText(await post(model, path, body)));

  const unparsable = frames.filter(({ data }) => data !== '[DONE]' && !isJson(data));
  expect(unparsable).toHaveLength(1);
  expect(unparsable[0]!.data).toContain('two ');
});

test('a duplicate frame comes twice, with the same number', async () => {
  using model = mockModel(broken(duplicateFrame({ chunks: 1 })));

  const frames = await postForFrames(model, responsesPath, responsesBody);

  expect(frames[5]).toMatchObject({ sequence_number: 5, delta: 'two ' });
  expect(frames[6]).toEqual(frames[5]);
  expect(frames[7]).toMatchObject({ sequence_number: 6, delta: 'three' });
});

test('a missing frame leaves a gap in the numbers, and the whole answer at the end', async () => {
  using model = mockModel(broken(missingFrame({ chunks: 1 })), broken(missingFrame({ chunks: 1 })));

  const frames = await postForFrames(model, responsesPath, responsesBody);
  const text = textIn(framesIn(await readText(await post(model, chatPath, chatBody))));

  expect(frames[4]).toMatchObject({ sequence_number: 4, delta: 'one ' });
  expect(frames[5]).toMatchObject({ sequence_number: 6, delta: 'three' });
  expect(frames.at(-1)).toMatchObject({ response: { output: [{ content: [{ text: 'one two three' }] }] } });
  expect(text).toBe('one three');
});

test('an unknown event is numbered with the others and leaves the text whole', async () => {
  using model = mockModel(broken(unknownEvent({ chunks: 1 })), broken(unknownEvent({ chunks: 1 })));

  const frames = await postForFrames(model, responsesPath, responsesBody);
  const text = textIn(framesIn(await readText(await post(model, chatPath, chatBody))));

  expect(frames[5]).toEqual({ type: 'response.surprise', sequence_number: 5, note: 'not documented' });
  expect(frames.map((frame) => (frame as { sequence_number: number }).sequence_number)).toEqual([...frames.keys()]);
  expect(text).toBe('one two three');
});

test('an error frame comes last, in the shape of its API by default', async () => {
  const error = { code: 'overloaded', message: 'Too many.' };
  const shapes = [undefined, 'flat', 'nested', 'named'] as const;
  const steps = shapes.map((shape) =>
    broken(errorFrame({ chunks: 1 }, shape === undefined ? error : { ...error, shape })),
  );
  using model = mockModel(...steps, ...steps);
  const lastTurnsOf = async (path: string, body: object): Promise<unknown> => {
    const frame = framesIn(await readText(await post(model, path, body))).at(-1)!;
    return [frame.event, JSON.parse(frame.data)];
  };

  const seen: unknown[] = [];
  for (const _ of shapes) seen.push(await lastTurnsOf(chatPath, chatBody));
  for (const _ of shapes) seen.push(await lastTurnsOf(responsesPath, responsesBody));

  const chat = { message: 'Too many.', type: 'server_error', param: null, code: 'overloaded' };
  const flat = { type: 'error', sequence_number: 5, code: 'overloaded', message: 'Too many.', param: null };
  expect(seen).toEqual([
    [undefined, { error: chat }],
    [undefined, { ...chat, type: 'error' }],
    [undefined, { error: chat }],
    ['error', { code: 'overloaded', message: 'Too many.' }],
    ['error', flat],
    ['error', flat],
    ['error', { type: 'error', sequence_number: 5, error: { code: 'overloaded', message: 'Too many.', param: null } }],
    ['error', { code: 'overloaded', message: 'Too many.', param: null }],
  ]);
});

test('response.failed ends the answer; when not streamed, the response has failed', async () => {
  const failed = { status: 'failed', error: { code: 'server_error', message: 'Broken.' }, output: [] };
  const fault = responseFailed({ chunks: 2 }, { message: 'Broken.' });
  using model = mockModel(broken(fault), broken(fault));

  const frames = await postForFrames(model, responsesPath, responsesBody);
  const answer = await postJson(model, responsesPath, { ...responsesBody, stream: false });

  expect(frames.at(-1)).toMatchObject({ type: 'response.failed', sequence_number: 6, response: failed });
  expect(answer).toMatchObject(failed);
});

test.each(bothApis)('a flood has the given length, and the answer follows it, over %s', async (_, path, body) => {
  using model = mockModel(broken(floodAfter({ chunks: 1 }, { bytes: 100_000 })));

  const text = textIn(framesIn(await readText(await post(model, path, body))));

  expect(text).toMatch(/^one x{102400}two three$/);
});

test('a flood in one line contains no line end', async () => {
  using model = mockModel(broken(floodAfter({ chunks: 1 }, { bytes: 100_000, as: 'line' })));

  const body = await readText(await post(model, chatPath, chatBody));

  expect(body.split('\n').map((line) => line.length)).toContainEqual(expect.toSatisfy((length) => length > 100_000));
});

test('without streaming, frame faults apply to the body', async () => {
  using model = mockModel(
    broken(errorFrame({ chunks: 0 }, { message: 'Broken.' })),
    broken(malformedFrame({ chunks: 0 })),
    broken(truncateAfter({ bytes: 10 })),
  );
  const body = { ...chatBody, stream: false };

  const error = await postJson(model, chatPath, body);
  const malformed = await readText(await post(model, chatPath, body));
  const short = await readText(await post(model, chatPath, body));

  expect(error).toMatchObject({ error: { message: 'Broken.' } });
  expect(isJson(malformed)).toBe(false);
  expect(short).toBe('{"id":"cha');
});

test('a fault that does not fit the request is reported as a scripting mistake', async () => {
  const model = mockModel(broken(responseFailed({ chunks: 1 })), broken(duplicateFrame({ chunks: 1 })));

  const onChat = await postJson(model, chatPath, chatBody);
  const whole = await postJson(model, chatPath, { ...chatBody, stream: false });

  const noSuchEvent = 'responseFailed() exists on the Responses API only; use errorFrame() on Chat Completions';
  const noStream = 'the fault duplicate_frame needs a streamed answer, and this request did not ask for one';
  expect([onChat, whole]).toMatchObject([{ error: { message: noSuchEvent } }, { error: { message: noStream } }]);
  expect(() => model[Symbol.dispose]()).toThrow(`- ${noSuchEvent}\n- ${noStream}`);
});

test('a raw reply is sent unchanged and breaks at its pieces', async () => {
  const body = ['data: {"a":1}\n\n', new Uint8Array([0xf0, 0x9f]), new Uint8Array([0xa7, 0xb5])];
  const headers = { 'content-type': 'text/plain' };
  const fault: ByteFault = resetAfter({ chunks: 2 });
  using model = mockModel(rawReply({ status: 203, headers, body }), rawReply({ body, fault }), rawReply({}));

  const whole = await post(model, chatPath, chatBody);
  const reset = await readChunks(await post(model, chatPath, chatBody));
  const empty = await post(model, chatPath, chatBody);

  expect([whole.status, whole.headers.get('content-type')]).toEqual([203, 'text/plain']);
  expect(await readText(whole)).toBe('data: {"a":1}\n\n🧵');
  expect(Buffer.concat(reset.chunks)).toHaveLength(17);
  expect(reset.error).toBeInstanceOf(TypeError);
  expect([empty.status, await readText(empty)]).toEqual([200, '']);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
