// What the model is asked on behalf of clients of OpenAI's APIs: messages, instructions, tools.
import { reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { openRig, type Rig } from '../app-rig.ts';
import { weather } from './openai-chat-calls.ts';

const model = 'agent';
const parameters = { type: 'object', properties: { at: { type: 'string' } } };
const offered = [
  { name: 'look', description: 'Looks.', parameters },
  { name: 'listen', description: '', parameters: { type: 'object', properties: {}, additionalProperties: false } },
];
const asking = { model, messages: [{ role: 'user', content: 'Hi' }] };

/** The conversation that either API can tell of, as the model gets it. */
const conversation = [
  { role: 'user', text: 'What is the sky?' },
  {
    role: 'assistant',
    text: 'Let me look.Not at the sun.',
    calls: [
      { callId: 'call_1', name: 'look', arguments: '{"at":"sky"}' },
      { callId: 'call_2', name: 'look', arguments: '{}' },
    ],
  },
  { role: 'tool', text: 'pale blue', callId: 'call_1' },
  { role: 'tool', text: 'nothing', callId: 'call_2' },
  { role: 'assistant', text: 'Blue.' },
  { role: 'user', text: 'Sure?' },
];

async function statusesOf(rig: Rig, path: string, bodies: readonly object[]): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (const body of bodies) statuses.push((await rig.post(path, body)).status);
  return statuses;
}

test('a conversation of Chat Completions reaches the model as it is', async () => {
  await using rig = await openRig({ openai: {}, api: 'chat_completions', steps: [reply('Yes.')] });
  const call = (id: string, args: string): object => ({
    id,
    type: 'function',
    function: { name: 'look', arguments: args },
  });
  const messages = [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is ' },
        { type: 'text', text: 'the sky?' },
      ],
    },
    {
      role: 'assistant',
      content: [{ type: 'text', text: 'Let me look.' }],
      refusal: 'Not at the sun.',
      tool_calls: [call('call_1', '{"at":"sky"}'), call('call_2', '{}')],
    },
    {
      role: 'tool',
      tool_call_id: 'call_1',
      content: [
        { type: 'text', text: 'pale ' },
        { type: 'text', text: 'blue' },
      ],
    },
    { role: 'tool', tool_call_id: 'call_2', content: 'nothing' },
    { role: 'assistant', content: [{ type: 'refusal', refusal: 'Blue.' }], refusal: null, tool_calls: null },
    { role: 'user', content: 'Sure?' },
    { role: 'assistant', content: null },
  ];

  await rig.post('/v1/chat/completions', { model, messages });

  expect(rig.model.requests[0]!.messages).toEqual(conversation);
});

test('a conversation of the Responses API reaches the model as it is', async () => {
  await using rig = await openRig({ openai: {}, api: 'chat_completions', steps: [reply('Yes.')] });
  const input = [
    {
      role: 'user',
      content: [
        { type: 'input_text', text: 'What is ' },
        { type: 'input_text', text: 'the sky?' },
      ],
    },
    { role: 'assistant', content: '' },
    {
      role: 'assistant',
      content: [
        { type: 'output_text', text: 'Let me ' },
        { type: 'output_text', text: 'look.' },
      ],
    },
    { type: 'message', role: 'assistant', content: [{ type: 'refusal', refusal: 'Not at the sun.' }] },
    { type: 'function_call', call_id: 'call_1', name: 'look', arguments: '{"at":"sky"}' },
    { type: 'reasoning', id: 'rs_1', summary: [] },
    { type: 'function_call', call_id: 'call_2', name: 'look', arguments: '{}' },
    {
      type: 'function_call_output',
      call_id: 'call_1',
      output: [
        { type: 'input_text', text: 'pale ' },
        { type: 'input_text', text: 'blue' },
      ],
    },
    { type: 'function_call_output', call_id: 'call_2', output: 'nothing' },
    { type: 'message', role: 'assistant', content: 'Blue.' },
    { role: 'assistant', content: null },
    { role: 'user', content: null },
    { role: 'user', content: 'Sure?' },
    { role: 'assistant', content: '' },
  ];

  await rig.post('/v1/responses', { model, input, store: false });

  expect(rig.model.requests[0]!.messages).toEqual(conversation);
});

test('a call that the server ran and showed reaches the model with its result or its error', async () => {
  await using rig = await openRig({ openai: {}, api: 'chat_completions', steps: [reply('Yes.')] });
  const content = [
    { type: 'text', text: 'Error: ' },
    { type: 'text', text: 'Function failed.' },
  ];
  const input = [
    { type: 'mcp_call', id: 'mcp_1', name: 'find', arguments: '{"at":1}', output: 'a map', error: null },
    { type: 'mcp_call', id: 'mcp_2', name: 'fail', arguments: '{}', output: null, error: { content } },
    { role: 'user', content: 'Sure?' },
  ];

  await rig.post('/v1/responses', { model, input, store: false });

  expect(rig.model.requests[0]!.messages).toEqual([
    { role: 'assistant', text: '', calls: [{ callId: 'mcp_1', name: 'find', arguments: '{"at":1}' }] },
    { role: 'tool', text: 'a map', callId: 'mcp_1' },
    { role: 'assistant', text: '', calls: [{ callId: 'mcp_2', name: 'fail', arguments: '{}' }] },
    { role: 'tool', text: 'Error: Function failed.', callId: 'mcp_2' },
    { role: 'user', text: 'Sure?' },
  ]);
});

test('the tools of the caller are offered with their descriptions and parameters', async () => {
  await using rig = await openRig({ openai: {}, steps: [reply('A'), reply('B')] });
  const declared = [
    { name: 'look', description: 'Looks.', parameters },
    { name: 'listen', description: null, parameters: null },
  ];
  const tools = declared.map((each) => ({ type: 'function', ...each }));

  await rig.post('/v1/chat/completions', {
    ...asking,
    tools: declared.map((each) => ({ type: 'function', function: each })),
  });
  await rig.post('/v1/responses', { model, input: 'Hi', tools });

  expect(rig.model.requests.map((each) => each.tools)).toEqual([offered, offered]);
});

test('the choice of a tool is about the tools of the caller', async () => {
  const steps = Array.from({ length: 10 }, () => reply('Hi.'));
  await using rig = await openRig({ openai: {}, agent: { tools: [weather] }, steps });
  const choices = ['none', 'auto', null, 'required', undefined];
  const tools = [{ type: 'function', name: 'look', parameters }];

  await statusesOf(
    rig,
    '/v1/chat/completions',
    choices.map((choice) => ({ ...asking, tool_choice: choice })),
  );
  await statusesOf(
    rig,
    '/v1/responses',
    [...choices.slice(0, 4), { type: 'function', name: 'look' }].map((choice) => ({
      model,
      input: 'Hi',
      tools,
      tool_choice: choice,
    })),
  );

  const asked = rig.model.requests.map((each) => [each.toolChoice, each.tools.map(({ name }) => name).join()]);
  expect(asked.slice(0, 5)).toEqual(choices.map(() => ['auto', 'get_weather']));
  expect(asked.slice(5)).toEqual([
    ['auto', 'get_weather'],
    ['auto', 'get_weather,look'],
    ['auto', 'get_weather,look'],
    ['required', 'get_weather,look'],
    [{ name: 'look' }, 'get_weather,look'],
  ]);
});

test('instructions follow the agent’s own, wherever the request has them', async () => {
  await using rig = await openRig({ openai: { instructions: 'append' }, steps: [reply('A'), reply('B'), reply('C')] });
  const system = { role: 'system', content: 'Speak French.' };
  const developer = {
    role: 'developer',
    content: [
      { type: 'text', text: 'Be ' },
      { type: 'text', text: 'kind.' },
    ],
  };
  const user = { role: 'user', content: 'Hi' };

  await rig.post('/v1/chat/completions', { model, messages: [system, user, developer] });
  await rig.post('/v1/responses', { model, instructions: 'Speak French.', input: [user, developer] });
  await rig.post('/v1/responses', { model, instructions: '', input: [system, developer, user] });

  expect(rig.model.requests.map(({ instructions, texts }) => [instructions, texts])).toEqual([
    ['Be concise.\nSpeak French.\n\nBe kind.', ['Hi']],
    ['Be concise.\nSpeak French.\n\nBe kind.', ['Hi']],
    ['Be concise.\nSpeak French.\n\nBe kind.', ['Hi']],
  ]);
});

test('blank instructions are ignored', async () => {
  await using rig = await openRig({ openai: {}, steps: [reply('A'), reply('B'), reply('C')] });
  const [blank, user] = [
    { role: 'system', content: ' ' },
    { role: 'user', content: 'Hi' },
  ];

  await rig.post('/v1/chat/completions', { model, messages: [blank, user] });
  await rig.post('/v1/responses', { model, input: [blank, { role: 'developer' }, user], instructions: '' });
  await rig.post('/v1/responses', { model, input: 'Hi', instructions: null });

  expect(rig.model.requests.map(({ instructions, texts }) => [instructions, texts])).toEqual([
    ['Be concise.', ['Hi']],
    ['Be concise.', ['Hi']],
    ['Be concise.', ['Hi']],
  ]);
});
