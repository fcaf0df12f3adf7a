// What the Responses API and its compatible servers write in the field, streamed and whole, and what goes back to them.
import { Agent, AgentSession, type Content, contentsOf, dataContent, tool } from '@turnstream/core';
import { mockModel, rawReply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { OpenAIResponsesClient } from '../../src/index.ts';
import { inputItems } from '../../src/responses/items.ts';
import { isReasoningModel, responsesBody } from '../../src/responses/request.ts';
import { API_KEY, question } from '../both-apis.ts';
import { completed, contents, delta, message, read } from './field-frames.ts';

const search = { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'Paris' } };

const cited = { type: 'url_citation', start_index: 0, end_index: 11, url: 'https://weather.example', title: 'Weather' };

const annotation = {
  type: 'citation',
  title: 'Weather',
  url: 'https://weather.example',
  regions: [{ startIndex: 0, endIndex: 11 }],
  opaque: { openai_responses: cited },
};

const added = { type: 'response.output_text.annotation.added', item_id: 'm1', annotation: cited };

const compaction = {
  type: 'compaction',
  id: 'cmp_1',
  encrypted_content: 'gAAAAB-a-long-summary',
  status: 'completed',
  created_by: 'server',
};

const summedUp = [compaction, message('m1', 'Noted.')];

const bytes = new Uint8Array([1, 2, 3]);

test.each<[string, object]>([
  ['a reasoning item', { type: 'response.output_item.added', item: { type: 'reasoning', id: 'r1', summary: [] } }],
  ['a hosted tool', { type: 'response.output_item.added', item: { type: 'web_search_call', id: 'w1' } }],
  ['the work of a hosted tool', { type: 'response.code_interpreter_call.interpreting', item_id: 'c1' }],
  ['a part of a summary', { type: 'response.reasoning_summary_part.added', item_id: 'r1', summary_index: 0 }],
])('the start of %s shows nothing, and says that the model is working', (_, event) => {
  const [update, ...more] = read(event);

  expect(update).toMatchObject({ isWorking: true, contents: [] });
  expect(more).toEqual([]);
});

test.each<[string, object]>([
  ['the response', { type: 'response.in_progress', response: { id: 'resp_1' } }],
  ['a message', { type: 'response.output_item.added', item: { type: 'message', id: 'm1', content: [] } }],
  ['a part of a message', { type: 'response.content_part.added', item_id: 'm1', part: { type: 'output_text' } }],
  [
    'a call',
    { type: 'response.output_item.added', item: { type: 'function_call', id: 'f1', call_id: 'c', name: 'n' } },
  ],
  ['a keep-alive', { type: 'keepalive', sequence_number: 3 }],
])('the start of %s adds no update', (_, event) => {
  expect(read(event)).toEqual([]);
});

test.each([
  ['in the stream', [{ type: 'response.output_item.done', item: search }, delta('20 degrees.'), added]],
  ['in the end alone', [delta('20 degrees.')]],
])('a search of the service and what it cites are there once, when they come %s', (_, events) => {
  const all = contents(read(...events, completed(search, message('m1', '20 degrees.', { annotations: [cited] }))));

  expect(all.filter(({ type }) => type === 'service_item')).toEqual([
    { type: 'service_item', name: 'web_search_call', id: 'ws_1', opaque: { openai_responses: { item: search } } },
  ]);
  expect(all.flatMap((content) => (content.type === 'text' ? (content.annotations ?? []) : []))).toEqual([annotation]);
});

test.each<[string, string, string]>([
  ['whole', 'application/json', JSON.stringify({ id: 'resp_1', status: 'completed', output: summedUp })],
  [
    'streamed',
    'text/event-stream',
    [
      { type: 'response.output_item.added', output_index: 0, item: { ...compaction, encrypted_content: '' } },
      { type: 'response.compaction.compacting', item_id: 'cmp_1', output_index: 0 },
      { type: 'response.output_item.done', output_index: 0, item: compaction },
      delta('Noted.', { output_index: 1 }),
      completed(...summedUp),
    ]
      .map((event) => `data: ${JSON.stringify(event)}\n\n`)
      .join(''),
  ],
])('a summary made by the service is stored and sent back unchanged: %s', async (_, type, body) => {
  const answer = rawReply({ headers: { 'content-type': type }, body });
  using model = mockModel(answer, answer);
  const parameters = { context_management: [{ type: 'compaction', compact_threshold: 1_000 }] };
  const client = new OpenAIResponsesClient({ model: 'gpt-5.4', apiKey: API_KEY, baseURL: model.baseURL, parameters });
  const agent = new Agent({ client });
  const session = agent.createSession();

  const { text, messages } = await agent.runStreaming('A long story.', { session }).finalResponse();
  const later = AgentSession.fromJSON(JSON.parse(JSON.stringify(session)));
  await agent.runStreaming('Go on.', { session: later }).finalResponse();

  expect(text).toBe('Noted.');
  expect(messages.flatMap(contentsOf)).toContainEqual({
    type: 'service_item',
    name: 'compaction',
    id: 'cmp_1',
    opaque: { openai_responses: { item: compaction } },
  });
  expect(model.requests[0]!.body).toMatchObject(parameters);
  const { status: __, created_by: ___, ...sent } = compaction;
  expect((model.requests[1]!.body['input'] as object[])[1]).toEqual(sent);
});

test('a streamed message has the phase that its item began with', () => {
  const item = { type: 'message', id: 'm1', phase: 'commentary', content: [] };

  const updates = read({ type: 'response.output_item.added', item }, delta('Looking.'));

  expect(updates.at(-1)).toMatchObject({
    phase: 'commentary',
    text: '',
    contents: [{ type: 'text', text: 'Looking.' }],
  });
});

test.each<[string, Content, object]>([
  [
    'an image by address',
    { type: 'uri', uri: 'https://a.example/dog.png', mediaType: 'image/png' },
    { type: 'input_image', detail: 'auto', image_url: 'https://a.example/dog.png' },
  ],
  [
    'an image of bytes',
    dataContent(bytes, 'image/png'),
    { type: 'input_image', detail: 'auto', image_url: 'data:image/png;base64,AQID' },
  ],
  [
    'a document by address',
    { type: 'uri', uri: 'https://a.example/a.pdf', mediaType: 'application/pdf' },
    { type: 'input_file', file_url: 'https://a.example/a.pdf' },
  ],
  [
    'a document of bytes',
    dataContent(bytes, 'application/pdf', 'plan.pdf'),
    { type: 'input_file', filename: 'plan.pdf', file_data: 'data:application/pdf;base64,AQID' },
  ],
  [
    'an image the service has',
    { type: 'hosted_file', fileId: 'file_1', mediaType: 'image/png' },
    { type: 'input_image', detail: 'auto', file_id: 'file_1' },
  ],
  ['a file the service has', { type: 'hosted_file', fileId: 'file_2' }, { type: 'input_file', file_id: 'file_2' }],
])('%s is a part of the question, and of a tool result', (_, content, part) => {
  const items = inputItems([
    { role: 'user', contents: [content] },
    { role: 'tool', contents: [{ type: 'function_result', callId: 'c1', result: '', items: [content as never] }] },
  ]);

  expect(items).toEqual([
    { type: 'message', role: 'user', content: [part] },
    { type: 'function_call_output', call_id: 'c1', output: [part] },
  ]);
});

test.each<[string, Content]>([
  ['a sound', dataContent(bytes, 'audio/wav')],
  ['reasoning', { type: 'text_reasoning', text: 'Hm.' }],
  ['a kind nobody knows', { type: 'hologram' } as unknown as Content],
])('%s in a question is input_invalid', (_, content) => {
  expect(() => inputItems([{ role: 'user', contents: [content] }])).toThrow('cannot be sent');
});

test('tools of the service are offered next to ours, and functions belong to the agent', () => {
  const ours = [{ name: 'now', description: 'The time.', parameters: { type: 'object' } }];

  const body = responsesBody({ model: 'm', tools: [{ type: 'web_search' }] }, question({ tools: ours }));
  const act = () =>
    new OpenAIResponsesClient({ model: 'm', apiKey: API_KEY, parameters: { tools: [{ type: 'function' } as never] } });

  expect(body).toHaveProperty('tools', [{ type: 'web_search' }, { type: 'function', ...ours[0], strict: false }]);
  const said = 'parameters.tools takes hosted tools only: pass functions as `tools`.';
  expect(act).toThrow(expect.objectContaining({ code: 'config_invalid', message: said }));
});

test('what a caller wants included is asked for besides the encrypted reasoning', () => {
  const body = responsesBody({ model: 'gpt-5.4', include: ['web_search_call.action.sources'] }, question());

  expect(body).toHaveProperty('include', ['web_search_call.action.sources', 'reasoning.encrypted_content']);
});

test.each([
  ['a closed object', z.strictObject({ city: z.string() }), true],
  ['an open object', z.looseObject({ city: z.string() }), false],
])('a strict tool is held to its schema where the schema allows it: %s', async (_, parameters, strict) => {
  const body = JSON.stringify({ id: 'resp_1', status: 'completed', output: [message('m1', 'ok')] });
  using model = mockModel(rawReply({ headers: { 'content-type': 'application/json' }, body }));
  const client = new OpenAIResponsesClient({ model: 'm', apiKey: API_KEY, baseURL: model.baseURL });
  const weather = tool({ name: 'weather', description: 'Weather.', parameters, strict: true, execute: () => 'x' });

  await new Agent({ client, tools: [weather] }).run('Go');

  expect(model.requests[0]!.body['tools']).toMatchObject([{ name: 'weather', strict }]);
});

test.each([
  ['gpt-6-astra', true],
  ['openai/gpt-5.4', true],
  ['ft:o4-mini:acme', true],
  ['gpt-4.1', false],
  ['gpt-3.5-turbo', false],
  ['gpt-5-chat-latest', false],
  ['openai/gpt-oss-120b', false],
  ['llama-4', false],
])('the model %s reasons: %s', (model, reasons) => {
  expect(isReasoningModel(model)).toBe(reasons);
});
