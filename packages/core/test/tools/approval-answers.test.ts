// Which answers a batch of waiting calls takes, and which calls wait.
import { expect, test } from 'vitest';
import { approve, type Message, reject, type Tool, toolResult } from '../../src/index.ts';
import { answeredBatch, pendingCalls, refuseRepeatedResults, refuseStrayResults } from '../../src/tools/approval.ts';
import { guarded } from './guarded-tool.ts';

const tools: ReadonlyMap<string, Tool> = new Map([['remove', guarded]]);
const call = (callId: string, name = 'remove') => ({ type: 'function_call' as const, callId, name, arguments: '{}' });
const asks = (...ids: string[]): Message => ({ role: 'assistant', contents: ids.map((id) => call(id)) });
const user = (text: string): Message => ({ role: 'user', contents: text });
const refusal = (message: string): object => expect.objectContaining({ code: 'input_invalid', message });
const partedFromCalls = refusal(
  'Nothing may come between calls and their approval: ask the new question in the next run.',
);

test('answers to each call make a batch, with the rejected ones by id', () => {
  const pending = [call('1'), call('2'), call('3', 'list')];

  const batch = answeredBatch([approve(call('1')), reject(call('2'))], pending, tools);

  expect(batch).toEqual({ calls: pending, rejected: new Set(['2']) });
  expect(answeredBatch([user('Hello')], pending, tools)).toBe(null);
});

test.each([
  ['after the answer', [approve(call('1')), user('And then?')]],
  ['before the answer', [user('And then?'), approve(call('1'))]],
  [
    'in the message of the answer',
    [{ role: 'user', contents: [{ type: 'text', text: 'Yes' }, ...(approve(call('1')).contents as [])] }],
  ],
  ['after calls that are passed with it', [asks('1'), approve(call('1')), asks('2')]],
] as [string, Message[]][])('a question %s would part calls from their results, and is refused', (_where, question) => {
  expect(() => answeredBatch(question, [call('1')], tools)).toThrow(partedFromCalls);
});

test('a conversation that is handed back may end with its calls and the answers to them', () => {
  const question = [user('Clean up'), asks('1'), approve(call('1'))];

  expect(answeredBatch(question, [call('1')], tools)).toEqual({ calls: [call('1')], rejected: new Set() });
});

test('results of the calls that the caller runs itself may come along with the answers', () => {
  const question = [toolResult('2', 'seen'), approve(call('1'))];

  expect(answeredBatch(question, [call('1')], tools)).toEqual({ calls: [call('1')], rejected: new Set() });
});

test('a waiting call whose tool is gone needs no answer', () => {
  const pending = [call('1'), call('2', 'forgotten')];

  expect(answeredBatch([approve(call('1'))], pending, tools)?.calls).toEqual(pending);
});

test('an approved call whose tool is gone is refused, and can still be rejected', () => {
  const pending = [call('1', 'list')];

  const act = (): unknown => answeredBatch([approve(call('1', 'list'))], pending, tools);
  const rejected = answeredBatch([reject(call('1', 'list'))], pending, tools);

  expect(act).toThrow(
    refusal('Call 1 was approved, but the run has no tool "list". Pass the tool, or reject the call.'),
  );
  expect(rejected).toEqual({ calls: pending, rejected: new Set(['1']) });
});

test('an answer to another call, to other arguments, or to part of the batch is refused', () => {
  const pending = [call('1'), call('2')];
  const changed = { ...call('1'), arguments: '{"all":true}' };

  expect(() => answeredBatch([approve(call('9'))], pending, tools)).toThrow(
    refusal('No call "9" is waiting for approval in this conversation.'),
  );
  expect(() => answeredBatch([approve(changed), approve(call('2'))], pending, tools)).toThrow(
    refusal('The arguments of call 1 are not the ones that were shown for approval.'),
  );
  expect(() => answeredBatch([approve(call('1'))], pending, tools)).toThrow(
    refusal('Call 2 of the same batch has no answer. Approve or reject it too.'),
  );
});

test('the calls that wait are those of the last answer that have no result', () => {
  const list = { role: 'assistant' as const, contents: [call('4', 'list')] };

  expect(pendingCalls([asks('1'), user('Else'), asks('2', '3'), toolResult('2', 'x')])).toEqual([call('3')]);
  expect(pendingCalls([asks('2'), list])).toEqual([call('2'), call('4', 'list')]);
  expect(pendingCalls([asks('2', '3'), toolResult('2', 'x'), list])).toEqual([call('4', 'list')]);
  expect(pendingCalls([asks('1'), user('Else')])).toEqual([]);
});

test('a call waits although an earlier one with its id has a result', () => {
  const list = { role: 'assistant' as const, contents: [call('1', 'list')] };

  expect(pendingCalls([asks('1'), toolResult('1', 'x'), list])).toEqual([call('1', 'list')]);
});

test('a result is taken for any call that waits, here or in the history, and refused for another', () => {
  const history = [asks('1', '2'), toolResult('1', 'x')];

  expect(() => refuseStrayResults([toolResult('2', 'y'), asks('3'), toolResult('3', 'z')], history)).not.toThrow();
  expect(() => refuseStrayResults([toolResult('2', 'y'), toolResult('1', 'again')], history)).toThrow(
    refusal('No call "1" is waiting for a result in this conversation.'),
  );
});

test('a call has one result; a later call may have the id of an earlier one', () => {
  const again = [asks('1'), toolResult('1', 'x'), asks('1'), toolResult('1', 'y')];

  expect(() => refuseRepeatedResults(again)).not.toThrow();
  expect(() => refuseRepeatedResults([toolResult('1', 'x'), toolResult('1', 'y')])).toThrow(
    refusal('Call "1" has more than one result. Send one.'),
  );
});
