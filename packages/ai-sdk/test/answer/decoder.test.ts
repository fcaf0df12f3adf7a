// What becomes of the parts of an answer, on the way here and back.
import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { Agent, type Content } from '@turnstream/core';
import { expect, test } from 'vitest';
import { clientOf, finish, said, stubModel, updatesOf } from '../stub-model.ts';

const search = { toolCallId: 's1', toolName: 'web_search' };

async function contentsOf(...parts: readonly LanguageModelV4StreamPart[]): Promise<readonly Content[]> {
  const updates = await updatesOf(stubModel([...parts, finish()]));
  return updates.flatMap((update) => update.contents);
}

/** The assistant's part of the second prompt, after an answer of these parts. */
async function sentBack(...parts: readonly LanguageModelV4StreamPart[]): Promise<unknown> {
  const model = stubModel([...parts, finish()], [...said('Fine.'), finish()]);
  const agent = new Agent({ client: clientOf(model) });
  const session = agent.createSession();
  await agent.runStreaming('One', { session }).finalResponse();
  await agent.runStreaming('Two', { session }).finalResponse();
  return model.calls[1]?.prompt.find(({ role }) => role === 'assistant')?.content;
}

test.for([
  ['without a finish', []],
  ['that was interrupted', [finish('interrupted')]],
] as const)('an answer %s is stream_truncated', async ([, end]) => {
  const updates = updatesOf(stubModel([...said('A'), ...end]));

  await expect(updates).rejects.toMatchObject({ code: 'stream_truncated' });
});

test('an answer that ended in an error of the service is response_failed, with its word', async () => {
  const updates = updatesOf(stubModel([...said('A'), finish('error', 'engine_down')]));

  await expect(updates).rejects.toMatchObject({ code: 'response_failed', serviceCode: 'engine_down' });
});

test('a finish reason that only the service has passes in its word', async () => {
  const updates = await updatesOf(stubModel([...said('A'), finish('other', 'pause_turn')]));

  expect(updates.at(-1)).toMatchObject({ finishReason: 'pause_turn', usage: null });
});

test('a setting that the provider ignores ends the call', async () => {
  const warnings = [{ type: 'unsupported', feature: 'topK', details: 'not on this model.' } as const];

  const updates = updatesOf(stubModel([{ type: 'stream-start', warnings }, ...said('A'), finish()]));

  await expect(updates).rejects.toMatchObject({
    code: 'input_invalid',
    message: expect.stringContaining('ignores topK (not on this model).'),
  });
});

test('with onWarning the call goes on, and a strict tool may be ignored without it', async () => {
  const topK = { type: 'unsupported', feature: 'topK' } as const;
  const strict = { type: 'unsupported', feature: 'strict' } as const;
  const seen: unknown[] = [];

  await updatesOf(
    stubModel([{ type: 'stream-start', warnings: [topK] }, finish()]),
    {},
    { onWarning: (each) => seen.push(each) },
  );
  await updatesOf(stubModel([{ type: 'stream-start', warnings: [strict] }, finish()]));

  expect(seen).toEqual([topK]);
});

test('a call in fragments, and one that came whole, are given out once', async () => {
  const contents = await contentsOf(
    { type: 'tool-input-start', id: 'c1', toolName: 'look' },
    { type: 'tool-input-delta', id: 'c1', delta: '{"a"' },
    { type: 'tool-input-delta', id: 'c1', delta: ':1}' },
    { type: 'tool-input-end', id: 'c1' },
    { type: 'tool-call', toolCallId: 'c1', toolName: 'look', input: '{ "a": 1 }' },
    { type: 'tool-call', toolCallId: 'c2', toolName: 'look', input: '{}' },
  );

  expect(contents).toEqual([
    { type: 'function_call', callId: 'c1', name: 'look', arguments: '' },
    { type: 'function_call', callId: 'c1', name: 'look', arguments: '{"a"' },
    { type: 'function_call', callId: 'c1', name: 'look', arguments: ':1}' },
    { type: 'function_call', callId: 'c1', name: 'look', arguments: '' },
    { type: 'function_call', callId: 'c2', name: 'look', arguments: '{}' },
  ]);
});

test('arguments that come as plain text are given out as the JSON that they end as', async () => {
  const contents = await contentsOf(
    { type: 'tool-input-start', id: 'c1', toolName: 'patch', inputEncoding: 'text' },
    { type: 'tool-input-delta', id: 'c1', delta: '*** Begin' },
    { type: 'tool-call', toolCallId: 'c1', toolName: 'patch', input: '{"text":"*** Begin"}' },
  );

  expect(contents).toEqual([{ type: 'function_call', callId: 'c1', name: 'patch', arguments: '{"text":"*** Begin"}' }]);
});

test('a call that ends in other arguments than its fragments is stream_malformed', async () => {
  const contents = contentsOf(
    { type: 'tool-input-start', id: 'c1', toolName: 'look' },
    { type: 'tool-input-delta', id: 'c1', delta: '{"a":1}' },
    { type: 'tool-call', toolCallId: 'c1', toolName: 'look', input: '{"a":2}' },
  );

  await expect(contents).rejects.toMatchObject({ code: 'stream_malformed' });
});

test('what the provider ran itself comes as items of the service and goes back to it', async () => {
  const content = await sentBack(
    { type: 'tool-input-start', id: 's1', toolName: 'web_search', providerExecuted: true },
    { type: 'tool-input-delta', id: 's1', delta: '{"q":"snow"}' },
    {
      type: 'tool-call',
      ...search,
      input: '{"q":"snow"}',
      providerExecuted: true,
      providerMetadata: { stub: { a: 1 } },
    },
    { type: 'tool-result', ...search, result: 'half', preliminary: true },
    { type: 'tool-result', ...search, result: [{ url: 'https://snow.example' }] },
    { type: 'tool-result', ...search, result: 'No more pages', isError: true },
    { type: 'custom', kind: 'stub.note', providerMetadata: { stub: { note: 'n' } } },
    { type: 'reasoning-file', mediaType: 'image/png', data: { type: 'data', data: Uint8Array.of(1, 2, 3) } },
    {
      type: 'reasoning-file',
      mediaType: 'image/png',
      data: { type: 'url', url: new URL('https://snow.example/a.png') },
    },
    ...said('Snow.'),
  );

  expect(content).toEqual([
    { type: 'tool-call', ...search, input: { q: 'snow' }, providerExecuted: true, providerOptions: { stub: { a: 1 } } },
    { type: 'tool-result', ...search, output: { type: 'json', value: [{ url: 'https://snow.example' }] } },
    { type: 'tool-result', ...search, output: { type: 'error-json', value: 'No more pages' } },
    { type: 'custom', kind: 'stub.note', providerOptions: { stub: { note: 'n' } } },
    { type: 'reasoning-file', mediaType: 'image/png', data: { type: 'data', data: 'AQID' } },
    {
      type: 'reasoning-file',
      mediaType: 'image/png',
      data: { type: 'url', url: new URL('https://snow.example/a.png') },
    },
    { type: 'text', text: 'Snow.' },
  ]);
});

test('two texts keep what the provider said of each', async () => {
  const content = await sentBack(
    { type: 'text-start', id: 'm1', providerMetadata: { stub: { item: 1 } } },
    { type: 'text-delta', id: 'm1', delta: 'One.' },
    { type: 'text-end', id: 'm1' },
    { type: 'text-start', id: 'm2' },
    { type: 'text-delta', id: 'm2', delta: 'Two.' },
    { type: 'text-end', id: 'm2', providerMetadata: { stub: { item: 2 } } },
  );

  expect(content).toEqual([
    { type: 'text', text: 'One.', providerOptions: { stub: { item: 1 } } },
    { type: 'text', text: 'Two.', providerOptions: { stub: { item: 2 } } },
  ]);
});

test('files that the model made are contents, by bytes or by address', async () => {
  const contents = await contentsOf(
    { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AQID' } },
    { type: 'file', mediaType: 'image/png', data: { type: 'data', data: Uint8Array.of(1, 2, 3) } },
    { type: 'file', mediaType: 'image/png', data: { type: 'url', url: new URL('https://snow.example/a.png') } },
  );

  expect(contents).toEqual([
    { type: 'data', uri: 'data:image/png;base64,AQID', mediaType: 'image/png' },
    { type: 'data', uri: 'data:image/png;base64,AQID', mediaType: 'image/png' },
    { type: 'uri', uri: 'https://snow.example/a.png', mediaType: 'image/png' },
  ]);
});

test('sources and citations are annotations, counted from the start of the message', async () => {
  const source = { type: 'source', sourceType: 'url', id: '1', url: 'https://snow.example', title: 'Snow' } as const;
  const document = {
    type: 'source',
    sourceType: 'document',
    id: '2',
    title: 'Rain',
    mediaType: 'application/pdf',
  } as const;

  const contents = await contentsOf(
    source,
    ...said('It is '),
    { type: 'text-start', id: '1' },
    { type: 'text-delta', id: '1', delta: 'cold.' },
    { type: 'text-end', id: '1', citations: [{ source: document, startIndex: 0, endIndex: 4, citedText: 'Cold' }] },
  );

  const annotations = contents.flatMap((content) => ('annotations' in content ? (content.annotations ?? []) : []));
  expect(annotations).toEqual([
    { type: 'citation', title: 'Snow', url: 'https://snow.example' },
    {
      type: 'citation',
      title: 'Rain',
      snippet: 'Cold',
      regions: [{ startIndex: 6, endIndex: 10 }],
      opaque: { ai_sdk: { mediaType: 'application/pdf' } },
    },
  ]);
});

test('a part of an unknown kind is ignored', async () => {
  const newer = { type: 'mood', mood: 'sunny' } as unknown as LanguageModelV4StreamPart;

  const contents = await contentsOf(newer, ...said('Hi.'));

  expect(contents).toEqual([{ type: 'text', text: 'Hi.' }]);
});

test.for([
  { type: 'tool-call', toolCallId: 'c1', toolName: 'look', input: { a: 1 } },
  { type: 'file', mediaType: 'image/png' },
])('a part that does not fit the interface is stream_malformed: %j', async (part) => {
  const contents = contentsOf(part as unknown as LanguageModelV4StreamPart);

  await expect(contents).rejects.toMatchObject({ code: 'stream_malformed' });
});

test('consent that a provider asks for is not passed over', async () => {
  const contents = contentsOf({ type: 'tool-approval-request', approvalId: 'a1', toolCallId: 's1' });

  await expect(contents).rejects.toMatchObject({ code: 'config_invalid' });
});
