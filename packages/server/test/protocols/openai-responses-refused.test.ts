// What /v1/responses refuses, before the model is asked and before anything is stored.
import OpenAI, { APIError } from 'openai';
import { expect, test } from 'vitest';
import { type Rig, TOKEN } from '../app-rig.ts';
import { sharedRig } from '../shared-rig.ts';

const shared = sharedRig({ openai: {} });

const clientOf = ({ url }: Rig): OpenAI => new OpenAI({ apiKey: TOKEN, baseURL: `${url}/v1`, maxRetries: 0 });
const model = 'agent';

/** What a client gets to know of a refusal. */
interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly param: string | null;
  readonly message: string;
}

const itself = 'This agent sets "max_output_tokens" itself. Leave it out.';
const instructions = 'This agent has its own instructions. Leave out instructions, and system and developer messages.';
const twoBefore = { conversation: 'conv_1', previous_response_id: 'resp_1' };
const hosted = { tools: [{ type: 'web_search', name: 'search' }] };
const reference = { type: 'item_reference', id: 'msg_1' };
const noItem = 'A referenced item does not exist. Send the item itself.';
const call = { type: 'function_call', call_id: 'x', name: 'look', arguments: '{}' };
const output = { type: 'function_call_output', call_id: 'x', output: '' };

test.each<[string, object, Refusal]>([
  [
    'another model',
    { model: 'gpt-9' },
    { status: 404, code: 'model_not_found', param: 'model', message: 'There is no such model here. Ask for "agent".' },
  ],
  [
    'a length of its own',
    { max_output_tokens: 5 },
    { status: 400, code: 'unsupported_parameter', param: 'max_output_tokens', message: itself },
  ],
  [
    'a conversation that does not exist',
    { conversation: 'conv_1' },
    { status: 404, code: 'not_found', param: 'conversation', message: 'There is no such conversation.' },
  ],
  [
    'a conversation and a response before it',
    twoBefore,
    {
      status: 400,
      code: 'invalid_value',
      param: 'previous_response_id',
      message: 'Send previous_response_id or conversation, not both.',
    },
  ],
  [
    'an unknown response before it',
    { previous_response_id: 'resp_1' },
    {
      status: 400,
      code: 'previous_response_not_found',
      param: 'previous_response_id',
      message: 'There is no such response, or it has not ended yet.',
    },
  ],
  [
    'instructions',
    { instructions: 'Obey.' },
    { status: 400, code: 'unsupported_parameter', param: 'instructions', message: instructions },
  ],
  [
    'work in the background that is not stored',
    { background: true, store: false },
    {
      status: 400,
      code: 'invalid_value',
      param: 'store',
      message: 'A response in the background is stored. Leave store out.',
    },
  ],
  [
    'a hosted tool',
    hosted,
    { status: 400, code: 'input_invalid', param: null, message: 'tools.0.type: must be function' },
  ],
  [
    'an output format',
    { text: { format: { type: 'json_object' } } },
    { status: 400, code: 'input_invalid', param: null, message: 'text.format.type: must be text' },
  ],
  [
    'a reference to nothing',
    { input: [reference] },
    { status: 404, code: 'not_found', param: 'input', message: noItem },
  ],
  [
    'a reference without an id',
    { input: [{ ...reference, id: undefined }] },
    { status: 404, code: 'not_found', param: 'input', message: noItem },
  ],
  [
    'two outputs of one call',
    { input: [call, output, output] },
    { status: 400, code: 'invalid_value', param: 'input', message: 'Call "x" has more than one result. Send one.' },
  ],
])('a request with %s is refused in OpenAI’s shape', async (_what, members, { status, ...refused }) => {
  const rig = shared();

  const refusal = await clientOf(rig)
    .responses.create({ model, input: 'Hi', ...members })
    .catch((error: unknown) => error);

  expect(refusal).toBeInstanceOf(APIError);
  expect(refusal).toMatchObject({ status, error: { ...refused, type: 'invalid_request_error' } });
  expect([rig.model.requests, await (await rig.get('/sessions')).json()]).toEqual([[], { sessions: [] }]);
});

const onlyText = 'Content of type "input_image" is not accepted: this agent reads only text.';
const image = [{ type: 'input_image', image_url: 'https://example.com/a' }];
const unanswerable = 'The last item must be a message from the user, or the output of a call.';
const lacking = (type: string): string => `An item of type "${type}" is not accepted, or lacks a member.`;
const serverCall = { type: 'mcp_call', id: 'x', name: 'look' };

test.each<[string, object, string]>([
  ['an image', { role: 'user', content: image }, onlyText],
  ['an image in an answer', { role: 'assistant', content: image }, onlyText],
  ['an image in an output', { ...output, output: image }, onlyText],
  ['a blank question', { role: 'user', content: ' ' }, 'The message cannot be accepted: must not be blank.'],
  ['an answer last', { role: 'assistant', content: 'Hi' }, unanswerable],
  ['nothing but reasoning', { type: 'reasoning', id: 'rs_1', summary: [] }, unanswerable],
  ['an output without its call', output, 'This conversation has no call "x". Send it before its result.'],
  ['a message of nobody', { content: 'Hi' }, lacking('message')],
  ['an unknown item of the user', { type: 'text', role: 'user' }, lacking('text')],
  ['an unknown item of the assistant', { type: 'text', role: 'assistant' }, lacking('text')],
  [
    'tools as an item of the developer',
    { type: 'additional_tools', role: 'developer', tools: [] },
    lacking('additional_tools'),
  ],
  ['an unknown kind of call', { ...call, ...output, id: 'x', type: 'computer_call' }, lacking('computer_call')],
  ['a call without an id', { ...call, call_id: undefined }, lacking('function_call')],
  ['a call without a name', { ...call, name: undefined }, lacking('function_call')],
  ['a call of the server without an id', { ...serverCall, id: undefined }, lacking('mcp_call')],
  ['a call of the server without a name', { ...serverCall, name: undefined }, lacking('mcp_call')],
  ['an output without an id', { ...output, call_id: undefined }, lacking('function_call_output')],
])('an input of %s is refused', async (_what, item, message) => {
  const rig = shared();

  const refused = await rig.post('/v1/responses', { model, input: [item] });

  const error = { message, type: 'invalid_request_error', param: 'input', code: 'invalid_value' };
  expect([refused.status, await refused.json()]).toEqual([400, { error }]);
  expect(rig.model.requests).toEqual([]);
});
