// What goes back to the Responses API, and what does not: reasoning, phases, service items, media.
import { Agent, type Content } from '@turnstream/core';
import type { ChatUpdate } from '@turnstream/core/seams';
import { mockModel, rawReply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { OpenAIResponsesClient } from '../../src/index.ts';
import { ResponsesDecoder } from '../../src/responses/answer.ts';
import { inputItems } from '../../src/responses/items.ts';
import { API_KEY } from '../both-apis.ts';
import { completed, contents, context, delta, message, read } from './field-frames.ts';

async function* iterate(updates: readonly ChatUpdate[]): AsyncGenerator<ChatUpdate> {
  yield* updates;
}

test('an image that the model drew is a content, and its item goes back with the bytes', () => {
  const item = {
    type: 'image_generation_call',
    id: 'ig_1',
    status: 'completed',
    output_format: 'webp',
    result: 'AQID',
  };

  const [image] = contents(read(completed(item)));

  expect(image).toMatchObject({ type: 'data', uri: 'data:image/webp;base64,AQID', mediaType: 'image/webp' });
  expect(inputItems([{ role: 'assistant', contents: [image!] }])).toEqual([item]);
});

test('an image made by a model behind another API leaves a mark in its message', () => {
  const image = { type: 'data', uri: 'data:image/png;base64,AQID', mediaType: 'image/png' } as const;
  const page = { type: 'uri', uri: 'https://a.example/a', mediaType: 'image/*' } as const;

  const items = inputItems([{ role: 'assistant', contents: [{ type: 'text', text: 'Here: ' }, image, page] }]);

  const part = (text: string) => ({ type: 'output_text', text, annotations: [] });
  expect(items).toEqual([
    { type: 'message', role: 'assistant', content: [part('Here: '), part('[image/png]'), part('[image/*]')] },
  ]);
});

test('an image whose format the service does not name is a PNG', () => {
  const [image] = contents(read(completed({ type: 'image_generation_call', id: 'ig_1', result: 'AQID' })));

  expect(image).toMatchObject({ uri: 'data:image/png;base64,AQID', mediaType: 'image/png' });
});

test('items of the service without ids are told apart by their places', () => {
  const search = { type: 'web_search_call', status: 'completed' };
  const done = (output_index: number) => ({ type: 'response.output_item.done', output_index, item: search });

  const all = contents(read(done(0), done(1), completed(search, search)));

  expect(all).toHaveLength(2);
});

test('the parts of a reasoning summary stay apart, and go back as they were', async () => {
  const part = (index: number, text: string) => ({
    type: 'response.reasoning_summary_text.delta',
    item_id: 'rs_1',
    summary_index: index,
    delta: text,
  });
  const item = {
    type: 'reasoning',
    id: 'rs_1',
    summary: [
      { type: 'summary_text', text: 'It is a sum.' },
      { type: 'summary_text', text: 'Adding.' },
    ],
    encrypted_content: 'xyz',
  };
  const streamed = read(
    part(0, 'It is a sum.'),
    part(1, 'Adding.'),
    { type: 'response.output_item.done', item },
    delta('Four.'),
    completed(item, message('m1', 'Four.')),
  );
  const whole: ChatUpdate[] = [];
  new ResponsesDecoder(context, false).takeWhole(
    { id: 'resp_1', status: 'completed', output: [item, message('m1', 'Four.')] },
    whole,
  );

  for (const updates of [streamed, whole]) {
    const client = { send: () => ({ [Symbol.asyncIterator]: () => iterate(updates) }) };
    const { messages } = await new Agent({ client }).run('2 + 2?');
    expect(inputItems(messages)).toEqual([
      item,
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Four.', annotations: [] }] },
    ]);
  }
});

test('reasoning that nothing followed is not sent back: the service would refuse every later turn', () => {
  const thought = {
    type: 'text_reasoning',
    text: '',
    id: 'rs_1',
    opaque: { openai_responses: { encrypted_content: 'g' } },
  } as const;

  const items = inputItems([
    { role: 'user', contents: 'Prove it.' },
    { role: 'assistant', contents: [thought], status: 'incomplete' },
    { role: 'user', contents: 'Shorter.' },
  ]);

  expect(items.map(({ type }) => type)).toEqual(['message', 'message']);
});

test('commentary is marked, kept out of the answer, and goes back with its mark', async () => {
  const json = { 'content-type': 'application/json' };
  const commentary = { ...message('m1', 'I look at the clock.'), phase: 'commentary' };
  const answer = { ...message('m2', 'Noon.'), phase: 'final_answer' };
  const body = JSON.stringify({ id: 'resp_1', status: 'completed', output: [commentary, answer] });
  using model = mockModel(rawReply({ headers: json, body }), rawReply({ headers: json, body }));
  const client = new OpenAIResponsesClient({ model: 'gpt-5.4', apiKey: API_KEY, baseURL: model.baseURL });
  const agent = new Agent({ client });
  const session = agent.createSession();

  const { text } = await agent.run('Time?', { session });
  await agent.run('And now?', { session });

  const sent = model.requests[1]!.body['input'] as { readonly role: string; readonly phase?: string }[];
  expect(text).toBe('Noon.');
  expect(sent.map(({ role, phase }) => [role, phase])).toEqual([
    ['user', undefined],
    ['assistant', 'commentary'],
    ['assistant', 'final_answer'],
    ['user', undefined],
  ]);
});

test('the output of a shell that is a text goes back as it is', () => {
  const item = { type: 'shell_call_output', id: 'sh_1', output: 'ok' };
  const content: Content = { type: 'service_item', name: item.type, opaque: { openai_responses: { item } } };

  expect(inputItems([{ role: 'assistant', contents: [content] }])).toEqual([item]);
});

test('output-only members are not sent back, in any kind of service item', () => {
  const item = {
    type: 'shell_call_output',
    id: 'sh_1',
    status: 'completed',
    created_by: 'server',
    output: [{ stdout: 'ok', created_by: 'server' }],
  };
  const content: Content = { type: 'service_item', name: item.type, opaque: { openai_responses: { item } } };

  const items = inputItems([{ role: 'assistant', contents: [content] }]);

  expect(items).toEqual([{ type: 'shell_call_output', id: 'sh_1', status: 'completed', output: [{ stdout: 'ok' }] }]);
});

test('an image that the model drew keeps its place between the words of a question', () => {
  const item = { type: 'image_generation_call', id: 'ig_1', status: 'completed', result: 'AQID' };
  const [image] = contents(read(completed(item)));
  const [before, after] = ['Take this:', 'and make it blue.'].map((text) => ({ type: 'text', text }) as const);

  const items = inputItems([
    { role: 'user', contents: [before!, image!, after!] },
    { role: 'user', contents: [image!] },
  ]);

  const asked = (text: string) => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });
  expect(items).toEqual([asked('Take this:'), item, asked('and make it blue.'), item]);
});

test('an item of the service with a summary is not taken for reasoning', () => {
  const item = { type: 'research_call', id: 'rc_1', summary: ['Paris'] };
  const content: Content = { type: 'service_item', name: item.type, opaque: { openai_responses: { item } } };

  expect(inputItems([{ role: 'assistant', contents: [content] }])).toEqual([item]);
});
