// The members of a scripted error, in each shape that services use.
import { expect, test } from 'vitest';
import { errorFrame, mockModel, reply } from '../../src/index.ts';
import { chatBody, chatPath, postForFrames, responsesBody, responsesPath } from '../reader.ts';

const error = { code: 'too_long', message: 'Too long.', type: 'invalid_request_error', param: 'input' };

test.each([
  ['nested', chatPath, chatBody, { error }],
  ['flat', chatPath, chatBody, { ...error, type: 'error' }],
  ['nested', responsesPath, responsesBody, { error }],
  ['flat', responsesPath, responsesBody, { ...error, type: 'error' }],
] as const)('a %s error frame has every given member, over %s', async (shape, path, body, expected) => {
  using model = mockModel(reply('Hi.', { fault: errorFrame({ chunks: 0 }, { ...error, shape }) }));

  const frames = await postForFrames(model, path, body);

  expect(frames.at(-1)).toMatchObject(expected);
});
