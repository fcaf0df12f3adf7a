// What a scripted error says, in each shape that services give it.
import { expect, test } from 'vitest';
import { errorFrame, mockModel, reply } from '../../src/index.ts';
import { chatBody, chatPath, postForFrames, responsesBody, responsesPath } from '../reader.ts';

const error = { code: 'too_long', message: 'Too long.', type: 'invalid_request_error', param: 'input' };

test.each([
  ['nested', chatPath, chatBody, { error }],
  ['flat', chatPath, chatBody, { ...error, type: 'error' }],
  ['nested', responsesPath, responsesBody, { error }],
  ['flat', responsesPath, responsesBody, { ...error, type: 'error' }],
] as const)('an error frame that is %s says all that it was given, over %s', async (shape, path, body, expected) => {
  using model = mockModel(reply('Hi.', { fault: errorFrame({ chunks: 0 }, { ...error, shape }) }));

  const frames = await postForFrames(model, path, body);

  expect(frames.at(-1)).toMatchObject(expected);
});
