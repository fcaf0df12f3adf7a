import { expect, test } from 'vitest';
import { parseTurn } from '../../src/seams.ts';

test.each(['user', 'assistant', 'system', 'tool'])('a stored message of role %s is read back', (role) => {
  const turn = [{ role, contents: 'x' }];

  expect(parseTurn(turn, 'turn')).toEqual(turn);
});

test.each([undefined, 'cancelled', 'failed', 'incomplete'])('a stored message of status %s is read back', (status) => {
  const turn = [{ role: 'assistant', contents: 'x', status }];

  expect(parseTurn(turn, 'turn')).toEqual(turn);
});

test('contents of every kind, and of one that a newer version wrote, are read back as they are', () => {
  const contents = [
    { type: 'text', text: 'a' },
    { type: 'text_reasoning', text: 'b' },
    { type: 'refusal', text: 'c' },
    { type: 'function_call', callId: '1', name: 'give', arguments: '{}' },
    { type: 'hologram', depth: 3 },
  ];
  const turn = [
    { role: 'assistant', contents, authorName: 'guide', messageId: 'm1' },
    { role: 'tool', contents: [{ type: 'function_result', callId: '1', result: 'x' }] },
  ];

  expect(parseTurn(turn, 'turn')).toEqual(turn);
});

const call = { type: 'function_call', callId: '1', name: 'give', arguments: '{}' };
const result = { type: 'function_result', callId: '1', result: 'x' };

test.each([
  [7, 'turn[0] is number, not a message'],
  [{ role: 'robot', contents: 'x' }, 'turn[0].role is not user, assistant, system or tool'],
  [{ role: 'user', contents: 'x', status: 'done' }, 'turn[0].status is not a known status'],
  [{ role: 'user', contents: 'x', authorName: 7 }, 'turn[0].authorName is number'],
  [{ role: 'user', contents: 'x', messageId: null }, 'turn[0].messageId is null'],
  [{ role: 'user', contents: null }, 'turn[0].contents is null, not a string or a list'],
  [{ role: 'user', contents: ['x'] }, 'turn[0].contents[0] is string, not a content'],
  [{ role: 'user', contents: [{ type: 7 }] }, 'turn[0].contents[0].type is number, not a string'],
  [{ role: 'user', contents: [{ type: 'text', text: 7 }] }, 'turn[0].contents[0].text is number, not a string'],
  [{ role: 'user', contents: [{ type: 'refusal', text: [] }] }, 'turn[0].contents[0].text is array, not a string'],
  [
    { role: 'user', contents: [{ type: 'text_reasoning', text: null }] },
    'turn[0].contents[0].text is null, not a string',
  ],
  [{ role: 'user', contents: [{ ...call, callId: 1 }] }, 'turn[0].contents[0].callId is number, not a string'],
  [{ role: 'user', contents: [{ ...call, name: 1 }] }, 'turn[0].contents[0].name is number, not a string'],
  [{ role: 'user', contents: [{ ...call, arguments: {} }] }, 'turn[0].contents[0].arguments is object, not a string'],
  [{ role: 'user', contents: [{ ...result, callId: 1 }] }, 'turn[0].contents[0].callId is number, not a string'],
  [{ role: 'user', contents: [{ ...result, result: {} }] }, 'turn[0].contents[0].result is object, not a string'],
])('a stored message that is broken is refused with the place: %j', (message, problem) => {
  const parse = (): unknown => parseTurn([message], 'turn');

  expect(parse).toThrow(
    expect.objectContaining({
      code: 'history_corrupt',
      message: `The stored history cannot be read: ${problem}.`,
    }),
  );
});
