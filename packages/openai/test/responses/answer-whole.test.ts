// A whole answer of the Responses API, without a stream.
import { type ChatUpdate, chatUpdate } from '@turnstream/core/seams';
import { expect, test } from 'vitest';
import { ResponsesDecoder } from '../../src/responses/answer.ts';
import { context, from, message, text, usage } from './answer-frames.ts';

test('a whole response gives the contents of all items in order, then one closing update', () => {
  const answer = new ResponsesDecoder(context(), false);
  const updates: ChatUpdate[] = [];
  const reasoning = {
    type: 'reasoning',
    id: 'rs_1',
    summary: [{ type: 'summary_text', text: 'Hm.' }],
    encrypted_content: 'xyz',
  };
  const content = message({ type: 'output_text', text: 'Sure.' }, { type: 'refusal', refusal: 'But no.' });

  answer.takeWhole(
    { id: 'resp_1', status: 'completed', output: [reasoning, content, null, { type: 'x' }], usage },
    updates,
  );

  expect(updates).toEqual([
    chatUpdate({
      ...from,
      contents: [
        { type: 'text_reasoning', text: 'Hm.', id: 'rs_1', opaque: { openai_responses: { encrypted_content: 'xyz' } } },
      ],
    }),
    text('Sure.'),
    chatUpdate({ ...from, messageId: 'msg_1', contents: [{ type: 'refusal', text: 'But no.' }] }),
    chatUpdate({
      ...from,
      contents: [{ type: 'service_item', name: 'x', opaque: { openai_responses: { item: { type: 'x' } } } }],
    }),
    chatUpdate({ ...from, finishReason: 'stop', usage: { inputTokens: 14, outputTokens: 30, totalTokens: 44 } }),
  ]);
});

test('a part of a kind this client does not know is kept as it came', () => {
  const answer = new ResponsesDecoder(context(), false);
  const updates: ChatUpdate[] = [];
  const part = { type: 'x', text: 'no', refusal: 'no' };
  const content = message(part, { type: 'output_text', text: '' }, null as never);

  answer.takeWhole({ id: 'resp_1', status: 'completed', output: [content] }, updates);

  expect(updates.flatMap((update) => update.contents)).toEqual([
    { type: 'service_item', name: 'x', opaque: { openai_responses: { part } } },
  ]);
});

test.each([
  [{ summary: [] }, []],
  [{ content: [{ type: 'reasoning_text', text: 'Hm.' }] }, [{ type: 'text_reasoning', text: 'Hm.' }]],
  [
    { encrypted_content: 'xyz' },
    [{ type: 'text_reasoning', text: '', opaque: { openai_responses: { encrypted_content: 'xyz' } } }],
  ],
  [
    { summary: [{ text: 'Hm.' }, { text: 'Yes.' }], encrypted_content: 'xyz' },
    [
      { type: 'text_reasoning', text: 'Hm.' },
      { type: 'text_reasoning', text: 'Yes.', part: 1, opaque: { openai_responses: { encrypted_content: 'xyz' } } },
    ],
  ],
])('a reasoning item of a whole response counts when it says or keeps something: %j', (item, contents) => {
  const answer = new ResponsesDecoder(context(), false);
  const updates: ChatUpdate[] = [];

  answer.takeWhole({ id: 'resp_1', status: 'completed', output: [{ type: 'reasoning', ...item }] }, updates);

  expect(updates.flatMap((update) => update.contents)).toEqual(contents);
});

test.each([
  [{}, 'not_a_stream'],
  [{ id: 'chatcmpl-1', choices: [] }, 'not_a_stream'],
  [{ status: 'in_progress', output: [] }, 'stream_truncated'],
  [{ status: 'failed', error: { code: 'server_error' } }, 'server_error'],
  [{ status: 'cancelled' }, 'response_failed'],
  [{ status: 'queued' }, 'stream_truncated'],
])('JSON that is not a finished response is refused: %j is %s', (body, code) => {
  const act = () => new ResponsesDecoder(context(), false).takeWhole(body, []);

  expect(act).toThrow(expect.objectContaining({ code }));
});

test('a response with its output and no status is a finished one', () => {
  const answer = new ResponsesDecoder(context(), false);
  const updates: ChatUpdate[] = [];

  answer.takeWhole({ id: 'resp_1', output: [message({ type: 'output_text', text: 'Sure.' })] }, updates);

  expect(updates).toEqual([text('Sure.'), chatUpdate({ ...from, finishReason: 'stop' })]);
  expect(answer.progress).toBe('ended');
});

test('a response that is still open says so', () => {
  const act = () => new ResponsesDecoder(context(), false).takeWhole({ status: 'queued' }, []);

  expect(act).toThrow('The service answered with a response that is still queued. Ask again.');
});

test.each([
  [{ model: 'm-1' }, { model: 'm-1' }],
  [{ created_at: 1767000000 }, { createdAtMs: 1767000000000 }],
  [{ service_tier: 'flex' }, { serviceTier: 'flex' }],
  [{}, null],
])('what a response says of itself is said at its start and its end: %j', (said, metadata) => {
  const answer = new ResponsesDecoder(context(), false);
  const updates: ChatUpdate[] = [];
  const frame = (type: string): string => JSON.stringify({ type, response: { id: 'resp_1', ...said } });

  answer.takeFrame(undefined, frame('response.created'), updates);
  answer.takeFrame(undefined, frame('response.completed'), updates);

  expect(updates.map((update) => update.metadata)).toStrictEqual([metadata, metadata]);
});
