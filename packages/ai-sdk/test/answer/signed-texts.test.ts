// Texts of which one has metadata, such as a signature: each goes back as it came.
import type { LanguageModelV4Content, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { Agent } from '@turnstream/core';
import { expect, test } from 'vitest';
import { clientOf, finish, type StubModel, said, stubModel } from '../stub-model.ts';

const signed = { stub: { signature: 's' } };

function answering(...parts: readonly LanguageModelV4StreamPart[]): StubModel {
  return stubModel([...parts, finish()], [...said('Fine.'), finish()]);
}

/** The same answer, streamed and in one piece. */
function answeringWhole(...content: readonly LanguageModelV4Content[]): StubModel {
  const { finishReason, usage } = finish() as Extract<LanguageModelV4StreamPart, { type: 'finish' }>;
  const whole = { content: [...content], finishReason, usage, warnings: [] };
  return { ...stubModel([...said('Fine.'), finish()]), doGenerate: () => Promise.resolve(whole) };
}

/** The assistant's part of the second prompt. */
async function sentBack(model: StubModel, stream: boolean): Promise<unknown> {
  const agent = new Agent({ client: clientOf(model) });
  const session = agent.createSession();
  await (stream ? agent.runStreaming('One', { session }).finalResponse() : agent.run('One', { session }));
  await agent.runStreaming('Two', { session }).finalResponse();
  return model.calls.at(-1)?.prompt.find(({ role }) => role === 'assistant')?.content;
}

const second: readonly LanguageModelV4StreamPart[] = [
  { type: 'text-start', id: 'm2', providerMetadata: signed },
  { type: 'text-delta', id: 'm2', delta: 'Two.' },
  { type: 'text-end', id: 'm2' },
];

test.for([
  ['streamed', answering(...said('One.'), ...second), true],
  [
    'whole',
    answeringWhole({ type: 'text', text: 'One.' }, { type: 'text', text: 'Two.', providerMetadata: signed }),
    false,
  ],
] as const)('a text without metadata stays apart from a signed one after it, %s', async ([, model, stream]) => {
  const content = await sentBack(model, stream);

  expect(content).toEqual([
    { type: 'text', text: 'One.', providerOptions: {} },
    { type: 'text', text: 'Two.', providerOptions: signed },
  ]);
});

test('texts with a call between them need no empty text to separate them', async () => {
  const search = { toolCallId: 's1', toolName: 'web_search' };
  const call = { type: 'tool-call', ...search, input: '{}', providerExecuted: true } as const;

  const content = await sentBack(answering(...said('One.'), call, ...second), true);

  expect(content).toEqual([
    { type: 'text', text: 'One.' },
    { type: 'tool-call', ...search, input: {}, providerExecuted: true },
    { type: 'text', text: 'Two.', providerOptions: signed },
  ]);
});
