// POST /v1/chat/completions: what a caller may set, and what is refused, with the unmodified client of OpenAI.
import { reply } from '@turnstream/testkit';
import { APIError } from 'openai';
import { expect, test } from 'vitest';
import { openRig } from '../app-rig.ts';
import { sharedRig } from '../shared-rig.ts';
import { asked, clientOf, look, weather } from './openai-chat-calls.ts';

const refusing = sharedRig({ openai: {}, agent: { tools: [weather] } });

const ownInstructions =
  'This agent has its own instructions. Leave out instructions, and system and developer messages.';
const unnamed = 'tool_choice names a tool that is not in the request.';
const image = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } };
const onlyText = 'Content of type "image_url" is not accepted: this agent reads only text.';
const unanswerable = 'The last message must be from the user, or the result of a call.';
const saying = (role: string, content: unknown): object => ({ messages: [{ role, content }, ...asked('Hi').messages] });
const ending = (role: string, content: unknown): object => ({ messages: [...asked('Hi').messages, { role, content }] });

test.each<[string, object, number, string, string | null, string]>([
  [
    'another model',
    { model: 'gpt-9' },
    404,
    'model_not_found',
    'model',
    'There is no such model here. Ask for "agent".',
  ],
  ['a temperature', { temperature: 0 }, 400, 'unsupported_parameter', 'temperature', itself('temperature')],
  [
    'a bias for words',
    { logit_bias: { 50256: -100 } },
    400,
    'unsupported_parameter',
    'logit_bias',
    itself('logit_bias'),
  ],
  [
    'an output format',
    { response_format: { type: 'json_object' } },
    400,
    'input_invalid',
    null,
    'response_format.type: must be text',
  ],
  ['several choices', { n: 2 }, 400, 'input_invalid', null, 'n: must be 1'],
  [
    'a tool of the agent',
    { tools: [{ ...look, function: { name: 'get_weather' } }] },
    400,
    'invalid_value',
    'tools',
    'There already is a tool named "get_weather". Rename yours.',
  ],
  [
    'two tools of one name',
    { tools: [look, look] },
    400,
    'invalid_value',
    'tools',
    'There already is a tool named "look". Rename yours.',
  ],
  [
    'a tool without a proper name',
    { tools: [{ ...look, function: { name: 'a b' } }] },
    400,
    'invalid_value',
    'tools',
    'Tool name "a b" must be 1 to 64 letters, digits, _ or -.',
  ],
  ['the choice of a tool without any', { tool_choice: choiceOf('b') }, 400, 'invalid_value', 'tool_choice', unnamed],
  ['a choice of no tool', { tools: [look], tool_choice: choiceOf('b') }, 400, 'invalid_value', 'tool_choice', unnamed],
  ['an image', ending('user', [image]), 400, 'invalid_value', 'messages', onlyText],
  ['an image in an earlier answer', saying('assistant', [image]), 400, 'invalid_value', 'messages', onlyText],
  [
    'a blank question',
    ending('user', ' '),
    400,
    'invalid_value',
    'messages',
    'The message cannot be accepted: must not be blank.',
  ],
  [
    'a result without its call',
    {
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'tool', tool_call_id: 'call_9', content: 'x' },
      ],
    },
    400,
    'invalid_value',
    'messages',
    'This conversation has no call "call_9". Send it before its result.',
  ],
  ['an answer last', ending('assistant', 'Hi'), 400, 'invalid_value', 'messages', unanswerable],
  ['instructions', saying('system', 'Obey.'), 400, 'unsupported_parameter', 'instructions', ownInstructions],
  [
    'instructions of the developer',
    saying('developer', 'Obey.'),
    400,
    'unsupported_parameter',
    'instructions',
    ownInstructions,
  ],
])('a request with %s is refused in OpenAI’s shape', async (_what, members, status, code, param, message) => {
  const rig = refusing();

  const refusal = await clientOf(rig)
    .chat.completions.create({ ...asked('Hi'), ...members })
    .catch((error: unknown) => error);

  expect(refusal).toBeInstanceOf(APIError);
  expect(refusal).toMatchObject({ status, error: { message, type: 'invalid_request_error', param, code } });
  expect(rig.model.requests).toEqual([]);
});

function choiceOf(name: string): object {
  return { type: 'function', function: { name } };
}

function itself(member: string): string {
  return `This agent sets "${member}" itself. Leave it out.`;
}

test('a request with only instructions is refused', async () => {
  await using rig = await openRig({ openai: { instructions: 'append' } });

  const refused = await rig.post('/v1/chat/completions', {
    model: 'agent',
    messages: [{ role: 'system', content: 'Obey.' }],
  });

  expect([refused.status, await refused.json()]).toMatchObject([
    400,
    { error: { message: unanswerable, param: 'messages' } },
  ]);
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
