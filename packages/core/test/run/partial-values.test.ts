import fc from 'fast-check';
import { expect, expectTypeOf, test } from 'vitest';
import * as z from 'zod';
import { Agent, tool } from '../../src/index.ts';
import { chatUpdate } from '../../src/seams.ts';
import { call, finished, scriptedClient, silence, wantsTools } from '../scripted-client.ts';

const output = z.object({ city: z.string(), facts: z.array(z.string()) });
const growing = [{}, { city: 'Par' }, { city: 'Paris', facts: ['a'] }, { city: 'Paris', facts: ['a', 'b'] }];

test.each([
  ['bare', ['{"city":', '"Par', 'is","facts":["a"', ',"b"]}']],
  ['fenced', ['``', '`json\n{"city":', '"Par', 'is","facts":["a"', ',"b"]}', '\n```']],
])('partialValues yields what the answer says so far, and the last one is the value: %s', async (_, texts) => {
  const client = scriptedClient([chatUpdate({ role: 'assistant' }), ...texts, finished]);
  const stream = new Agent({ client }).runStreaming('Where?', { output });

  const values = await Array.fromAsync(stream.partialValues);

  expectTypeOf(stream.partialValues).toEqualTypeOf<AsyncIterable<unknown>>();
  expect(values).toEqual(growing);
  expect((await stream.finalResponse()).value).toEqual(values.at(-1));
});

test('an update that adds nothing to the value yields nothing', async () => {
  const client = scriptedClient(['{"ci', 'ty"', ':', ' "P"', ' ', '}', finished]);

  const values = await Array.fromAsync(new Agent({ client }).runStreaming('Where?').partialValues);

  expect(values).toEqual([{}, { city: 'P' }]);
});

test('each value is a new object', async () => {
  const client = scriptedClient(['{"list":[1,', '2,', '3]}', finished]);
  const values: unknown[] = [];

  for await (const value of new Agent({ client }).runStreaming('Count.').partialValues) {
    values.push(structuredClone(value));
    (value as { list: number[] }).list.length = 0;
  }

  expect(values).toEqual([{ list: [1] }, { list: [1, 2] }, { list: [1, 2, 3] }]);
});

test('an answer that is one number yields it at the end', async () => {
  const client = scriptedClient(['4', '2', finished]);

  const values = await Array.fromAsync(new Agent({ client }).runStreaming('Six by seven?').partialValues);

  expect(values).toEqual([42]);
});

test('reasoning, commentary, a refusal and text from before tools ran are not part of it', async () => {
  const said = (text: string, fields: object) => chatUpdate({ contents: [{ type: 'text', text }], ...fields });
  const now = tool({ name: 'now', description: 'The time.', parameters: z.object({}), execute: () => '12' });
  const client = scriptedClient(
    ['[1,', call('c1', 'now', '{}'), wantsTools],
    [
      chatUpdate({ contents: [{ type: 'text_reasoning', text: '[2,' }] }),
      said('[3,', { messageId: 'm1', phase: 'commentary' }),
      said('[4,', { messageId: 'm2' }),
      said('[5,', { messageId: 'm3' }),
      said('6]', { messageId: 'm3' }),
      chatUpdate({ contents: [{ type: 'refusal', text: '[7]' }] }),
      finished,
    ],
  );

  const values = await Array.fromAsync(new Agent({ client, tools: [now] }).runStreaming('Count.').partialValues);

  expect(values).toEqual([[1], [4], [5], [5, 6]]);
});

test('an answer that is not JSON yields nothing, and fails with the same error as a whole answer', async () => {
  const client = scriptedClient(['Python is', ' old.', finished]);
  const stream = new Agent({ client }).runStreaming('What?', { output });

  const read = Array.fromAsync(stream.partialValues);

  await expect(read).rejects.toMatchObject({ code: 'output_invalid' });
});

test('leaving closes the model connection, and a long text is read a bounded number of times', async () => {
  const client = scriptedClient(['{"a":1', ',', silence]);
  const left = new Agent({ client }).runStreaming('Go');
  const words = Array.from({ length: 6_000 }, () => 'word ');
  const long = scriptedClient(['{"text":"', ...words, '"}', finished]);

  for await (const _ of left.partialValues) break;
  let count = 0;
  let last: unknown;
  for await (const value of new Agent({ client: long }).runStreaming('Go').partialValues) {
    count += 1;
    last = value;
  }

  expect(client.closedEarly).toBe(1);
  expect(count).toBeLessThan(1_500);
  expect(last).toEqual({ text: words.join('') });
});

test('a late citation of an earlier message does not truncate the value', async () => {
  const said = (text: string, messageId: string) => chatUpdate({ contents: [{ type: 'text', text }], messageId });
  const cited = [{ type: 'text' as const, text: '', annotations: [{ type: 'citation' as const, title: 'A' }] }];
  const words = 'word '.repeat(2_000);
  const answer = [said('So:', 'm1'), said(`{"text":"${words}`, 'm2'), said('end"}', 'm2')];
  const client = scriptedClient([...answer, chatUpdate({ contents: cited, messageId: 'm1' }), finished]);
  const stream = new Agent({ client }).runStreaming('Go', { output: z.object({ text: z.string() }) });

  const values = await Array.fromAsync(stream.partialValues);

  expect(values.at(-1)).toEqual({ text: `${words}end` });
  expect((await stream.finalResponse()).value).toEqual(values.at(-1));
});

test('the last partial value is the value, in any fence and wherever the text is cut', async () => {
  const fence = fc.constantFrom(
    ['', ''],
    ['```\n', '\n```'],
    ['```json\r\n', '\r\n```\n'],
    [' \n```JSON\n', '```'],
    ['```json5 \n', ' \n ``` '],
  );
  const members = fc.dictionary(fc.constantFrom('a', '```', '\n'), fc.jsonValue(), { minKeys: 1 });
  const anything = z.record(z.string(), z.unknown());
  await fc.assert(
    fc.asyncProperty(members, fence, fc.array(fc.nat(200)), async (value, [opening, closing], cuts) => {
      const text = opening + JSON.stringify(value, null, 1) + closing;
      const ends = [...new Set(cuts)].filter((cut) => cut < text.length).toSorted((left, right) => left - right);
      const pieces = [...ends, text.length].map((end, index, all) => text.slice(all[index - 1] ?? 0, end));
      const client = scriptedClient([...pieces, finished]);
      const stream = new Agent({ client }).runStreaming('?', { output: anything });

      const values = await Array.fromAsync(stream.partialValues);

      expect(values.at(-1)).toEqual(JSON.parse(JSON.stringify(value)));
      expect((await stream.finalResponse()).value).toEqual(values.at(-1));
    }),
  );
});
