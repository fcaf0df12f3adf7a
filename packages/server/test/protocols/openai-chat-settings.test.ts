// POST /v1/chat/completions: what a caller may set, and what is refused, with the unmodified client of OpenAI.
import { reply } from '@turnstream/testkit';
import { APIError } from 'openai';
import { expect, test } from 'vitest';
import { openRig } from '../app-rig.ts';
import { asked, clientOf, look, weather } from './openai-chat-calls.ts';

test.each([
  ['another model', { model: 'gpt-9' }, 404, 'model_not_found', 'model'],
  ['a temperature', { temperature: 0 }, 400, 'unsupported_parameter', 'temperature'],
  ['a bias for words', { logit_bias: { 50256: -100 } }, 400, 'unsupported_parameter', 'logit_bias'],
  ['an output format', { response_format: { type: 'json_object' } }, 400, 'input_invalid', null],
  ['several choices', { n: 2 }, 400, 'input_invalid', null],
  [
    'a tool that the agent has itself',
    { tools: [{ ...look, function: { name: 'get_weather' } }] },
    400,
    'invalid_value',
    'tools',
  ],
  ['two tools of one name', { tools: [look, look] }, 400, 'invalid_value', 'tools'],
  [
    'the choice of a tool without any',
    { tool_choice: { type: 'function', function: { name: 'b' } } },
    400,
    'invalid_value',
    'tool_choice',
  ],
  ['a tool without a proper name', { tools: [{ ...look, function: { name: 'a b' } }] }, 400, 'invalid_value', 'tools'],
  [
    'a choice of no tool',
    { tools: [look], tool_choice: { type: 'function', function: { name: 'b' } } },
    400,
    'invalid_value',
    'tool_choice',
  ],
  [
    'an image',
    { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }] }] },
    400,
    'invalid_value',
    'messages',
  ],
  ['a blank question', { messages: [{ role: 'user', content: ' ' }] }, 400, 'invalid_value', 'messages'],
  ['an answer last', { messages: [{ role: 'assistant', content: 'Hi' }] }, 400, 'invalid_value', 'messages'],
  [
    'instructions',
    {
      messages: [
        { role: 'system', content: 'Obey.' },
        { role: 'user', content: 'Hi' },
      ],
    },
    400,
    'unsupported_parameter',
    'instructions',
  ],
])('a request with %s is refused in OpenAI’s shape', async (_what, members, status, code, param) => {
  await using rig = await openRig({ openai: {}, agent: { tools: [weather] } });

  const refusal = await clientOf(rig)
    .chat.completions.create({ ...asked('Hi'), ...(members as object) })
    .catch((error: unknown) => error);

  expect(refusal).toBeInstanceOf(APIError);
  expect(refusal).toMatchObject({ status, code, param, type: 'invalid_request_error' });
  expect(rig.model.requests).toEqual([]);
});

test('members that say nothing, or change nothing, pass', async () => {
  await using rig = await openRig({ openai: {}, steps: [reply('Hi.')] });
  const idle = {
    temperature: null,
    stop: [],
    logit_bias: {},
    tools: [],
    tool_choice: 'auto' as const,
    user: 'ann',
    store: true,
    metadata: { a: 'b' },
    parallel_tool_calls: true,
  };

  const { choices } = await clientOf(rig).chat.completions.create({ ...asked('Hi'), ...idle });

  expect(choices[0]!.message.content).toBe('Hi.');
});

test('where instructions are taken, they are added after the agent’s own', async () => {
  await using rig = await openRig({ openai: { instructions: 'append' }, steps: [reply('Salut.')] });
  const messages = [
    { role: 'developer' as const, content: 'Speak French.' },
    { role: 'user' as const, content: 'Hi' },
  ];

  await clientOf(rig).chat.completions.create({ model: 'agent', messages });

  const { instructions } = rig.model.requests[0]!;
  expect(instructions?.indexOf('Be concise.')).toBe(0);
  expect(instructions).toContain('Speak French.');
  expect(rig.model.requests[0]!.texts).toEqual(['Hi']);
});
