// What a turn stores of a message that came with the service's id.
import { expect, test } from 'vitest';
import type { Message } from '../../src/index.ts';
import { remembered } from '../../src/run/turn.ts';

test.each<[string, Message]>([
  ['text', { role: 'assistant', contents: 'A' }],
  ['author', { role: 'assistant', contents: 'A', authorName: 'guide' }],
  ['phase', { role: 'assistant', contents: 'A', phase: 'commentary' }],
  ['status', { role: 'assistant', contents: 'A', status: 'failed' }],
  ['everything', { role: 'assistant', contents: 'A', authorName: 'guide', phase: 'commentary', status: 'failed' }],
])('a message is stored with its %s, without the id, and without empty members', (_, message) => {
  expect(remembered({ ...message, messageId: 'msg_1' })).toStrictEqual(message);
});
