// What /v1/responses refuses, before the model is asked and before anything is stored.
import OpenAI, { APIError } from 'openai';
import { expect, test } from 'vitest';
import { openRig, type Rig, TOKEN } from '../app-rig.ts';

const clientOf = ({ url }: Rig): OpenAI => new OpenAI({ apiKey: TOKEN, baseURL: `${url}/v1`, maxRetries: 0 });
const model = 'agent';

test.each([
  ['another model', { model: 'gpt-9' }, 404, 'model_not_found', 'model'],
  ['a length of its own', { max_output_tokens: 5 }, 400, 'unsupported_parameter', 'max_output_tokens'],
  ['a conversation that does not exist', { conversation: 'conv_1' }, 404, 'not_found', 'conversation'],
  [
    'a conversation and a response before it',
    { conversation: 'conv_1', previous_response_id: 'resp_1' },
    400,
    'invalid_value',
    'previous_response_id',
  ],
  ['instructions', { instructions: 'Obey.' }, 400, 'unsupported_parameter', 'instructions'],
  ['work in the background that is not stored', { background: true, store: false }, 400, 'invalid_value', 'store'],
  ['a hosted tool', { tools: [{ type: 'web_search' }] }, 400, 'input_invalid', null],
  ['an output format', { text: { format: { type: 'json_object' } } }, 400, 'input_invalid', null],
  [
    'an image',
    { input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'https://example.com/a' }] }] },
    400,
    'invalid_value',
    'input',
  ],
  ['a blank question', { input: ' ' }, 400, 'invalid_value', 'input'],
  ['an answer last', { input: [{ role: 'assistant', content: 'Hi' }] }, 400, 'invalid_value', 'input'],
  ['an item that is not known', { input: [{ type: 'computer_call', id: 'cu_1' }] }, 400, 'invalid_value', 'input'],
  [
    'tools as an item of the developer',
    { input: [{ type: 'additional_tools', role: 'developer', tools: [] }] },
    400,
    'invalid_value',
    'input',
  ],
  ['a reference to nothing', { input: [{ type: 'item_reference', id: 'msg_1' }] }, 404, 'not_found', 'input'],
  [
    'an output of no call',
    { input: [{ type: 'function_call_output', call_id: 'x', output: '' }] },
    400,
    'invalid_value',
    'input',
  ],
  [
    'two outputs of one call',
    {
      input: [
        { type: 'function_call', call_id: 'x', name: 'look', arguments: '{}' },
        { type: 'function_call_output', call_id: 'x', output: '1' },
        { type: 'function_call_output', call_id: 'x', output: '2' },
      ],
    },
    400,
    'input_invalid',
    null,
  ],
  [
    'an unknown response before it',
    { previous_response_id: 'resp_1' },
    400,
    'previous_response_not_found',
    'previous_response_id',
  ],
])('a request with %s is refused in OpenAI’s shape', async (_what, members, status, code, param) => {
  await using rig = await openRig({ openai: {} });

  const refusal = await clientOf(rig)
    .responses.create({ model, input: 'Hi', ...(members as object) })
    .catch((error: unknown) => error);

  expect(refusal).toBeInstanceOf(APIError);
  expect(refusal).toMatchObject({ status, code, param, type: 'invalid_request_error' });
  expect([rig.model.requests, await (await rig.get('/sessions')).json()]).toEqual([[], { sessions: [] }]);
});
