// Which calls of a turn wait for approval.
import type { Content, Message } from '@turnstream/core';
import { tool } from '@turnstream/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { approvalsOf } from '../../src/turn/approvals.ts';
import { five, paying } from '../paying.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

const { pay } = paying();
const look = tool({ name: 'look', description: 'Looks.', execute: () => 'Snow' });
const calls = (name: string, callId: string): Content => ({ type: 'function_call', callId, name, arguments: five });
const question: Message = { role: 'user', contents: 'Pay five euros.' };
const asking: Message = {
  role: 'assistant',
  contents: [{ type: 'text', text: 'I will.' }, calls('look', 'call_1'), calls('pay', 'call_2')],
};

test('the calls of guarded tools wait, for as long as the server says', () => {
  const batch = approvalsOf([question, asking], [pay, look], 60_000);

  expect(batch).toEqual({ calls: [{ callId: 'call_2', name: 'pay', arguments: five }], expiresAtMs: 1_060_000 });
});

test.each<[string, readonly Message[]]>([
  ['is empty', []],
  ['calls nothing', [question, { role: 'assistant', contents: 'No.' }]],
  ['calls only what needs no approval', [question, { role: 'assistant', contents: [calls('look', 'call_1')] }]],
  ['was interrupted', [question, { ...asking, status: 'cancelled' }]],
  ['went on without the calls', [asking, question]],
  [
    'has the results',
    [question, asking, { role: 'tool', contents: [{ type: 'function_result', callId: 'call_2', result: 'paid 5' }] }],
  ],
])('a turn that %s waits for nothing', (_what, turn) => {
  expect(approvalsOf(turn, [pay, look], 60_000)).toBeNull();
});
