import { expect, test } from 'vitest';
import { type AgentInput, toMessages } from '../../src/checked/input.ts';
import type { Message } from '../../src/index.ts';

const refusal = (problem: string): object =>
  expect.objectContaining({
    code: 'input_invalid',
    message: `Input message ${problem}. Pass text, or a message with contents.`,
  });

test('a string is a user message, and a message is copied so that a later change of it reaches nobody', () => {
  const contents = [{ type: 'text' as const, text: 'Hi' }];
  const message: Message = { role: 'user', contents };

  const messages = toMessages(['Hello', message]);
  contents.push({ type: 'text', text: 'changed' });

  expect(messages).toEqual([
    { role: 'user', contents: 'Hello' },
    { role: 'user', contents: [{ type: 'text', text: 'Hi' }] },
  ]);
  expect(toMessages('Hello')).toEqual([{ role: 'user', contents: 'Hello' }]);
});

test('an empty list asks nothing and is refused', () => {
  expect(() => toMessages([])).toThrow(
    expect.objectContaining({
      code: 'input_invalid',
      message: 'The input is an empty list. Pass at least one message.',
    }),
  );
});

test.each([
  [undefined, '0 is undefined, not a message'],
  [null, '0 is null, not a message'],
  [['Hello', 7], '1 is a number, not a message'],
  [' \n', '0 is blank'],
  [{ role: 'user', contents: '' }, '0 is blank'],
  [['Hello', { role: 'user', contents: [] }], '1 has no contents'],
  [{ role: 'user' }, '0 has no contents'],
  [{ role: 'user', contents: { length: 1 } }, '0 has no contents'],
  [
    { role: 'robot', contents: 'x' },
    '0 is not a message: "role" is not one this library reads (user, assistant, system, tool)',
  ],
  [
    { role: 'user', contents: [{ type: 'text', text: 7 }] },
    '0 is not a message: "contents[0].text" is a number, not a string',
  ],
  [
    { role: 'user', contents: 'x', extra: new Date(0) },
    '0 cannot be stored: it.extra is a class instance, which JSON cannot hold',
  ],
])('what asks nothing is refused with its place in the list: %j', (input, problem) => {
  expect(() => toMessages(input as AgentInput)).toThrow(refusal(problem));
});
