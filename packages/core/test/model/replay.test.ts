// What a conversation looks like when it is sent again: legal on every API.
import { expect, test } from 'vitest';
import type { Content, Message, Role } from '../../src/index.ts';
import { replayable } from '../../src/model/replay.ts';

const user: Message = { role: 'user', contents: 'And now?' };
const call = (callId: string, args = '{}'): Content => ({
  type: 'function_call',
  callId,
  name: 'give',
  arguments: args,
});
const result = (callId: string, text = 'here'): Content => ({ type: 'function_result', callId, result: text });
const says = (...contents: Content[]): Message => ({ role: 'assistant', contents });
const results = (...contents: Content[]): Message => ({ role: 'tool', contents });
const unanswered = (callId: string): Content =>
  result(callId, 'No result: the run ended before this call was answered.');

test('a conversation that is legal already is sent as it is, without a copy', () => {
  const messages: Message[] = [user, says({ type: 'text', text: 'Fine.' }), { role: 'assistant', contents: 'Done.' }];

  expect(replayable(messages)).toBe(messages);
});

test('whole calls with all their results are sent as they are', () => {
  const messages = [user, says(call('1'), call('2')), results(result('1'), result('2')), says(call('3'))];

  const sent = replayable([...messages, results(result('3'))]);

  expect(sent).toEqual([...messages, results(result('3'))]);
  expect(sent.slice(0, 4).every((message, index) => message === messages[index])).toBe(true);
});

test('a call without a result gets one that says so, before the next question and at the end', () => {
  const sent = replayable([says(call('1')), user, says({ type: 'text', text: 'Hm.' }, call('2'))]);

  expect(sent).toEqual([
    says(call('1')),
    results(unanswered('1')),
    user,
    says({ type: 'text', text: 'Hm.' }, call('2')),
    results(unanswered('2')),
  ]);
});

test('a result whose call is not there is left out, and what belongs to a call stays', () => {
  expect(replayable([results(result('9')), user])).toEqual([user]);
  expect(replayable([says(call('1')), results(result('9'), result('1'))])).toEqual([
    says(call('1')),
    results(result('1')),
  ]);
});

test('a result that comes after another question goes back to its call', () => {
  const sent = replayable([says(call('1')), user, results(result('1'))]);

  expect(sent).toEqual([says(call('1')), results(result('1')), user]);
});

test('a result that comes after another question belongs to the last call with its id', () => {
  const sent = replayable([says(call('1')), user, says(call('1')), results(result('1'))]);

  expect(sent).toEqual([says(call('1')), results(unanswered('1')), user, says(call('1')), results(result('1'))]);
});

test('an answer of several messages has the results of its calls behind each of them, each call its own', () => {
  const sent = replayable([
    says(call('1'), call('2')),
    says(call('3')),
    results(result('3', 'c'), result('2', 'b'), result('1', 'a')),
  ]);

  expect(sent).toEqual([
    says(call('1'), call('2')),
    results(result('1', 'a'), result('2', 'b')),
    says(call('3')),
    results(result('3', 'c')),
  ]);
});

test('calls in an answer that goes on to its end without results are unanswered', () => {
  expect(replayable([says(call('1')), { role: 'assistant', contents: 'Done.' }])).toEqual([
    says(call('1')),
    results(unanswered('1')),
    { role: 'assistant', contents: 'Done.' },
  ]);
});

test.each(['{"a":', '', '  ', '[]'])('arguments %j of an old call are sent as an empty object', (args) => {
  const text: Content = { type: 'text', text: 'One moment.' };

  const sent = replayable([says(text, call('1', args), call('2', '{"b":1}')), results(result('1'), result('2'))]);

  expect(sent).toEqual([says(text, call('1', '{}'), call('2', '{"b":1}')), results(result('1'), result('2'))]);
});

test.each(['cancelled', 'failed'] as const)('an answer that was %s says that it is half', (status) => {
  const half: Message = { role: 'assistant', contents: 'It was', status, authorName: 'guide', messageId: 'm1' };

  expect(replayable([half])).toStrictEqual([
    { role: 'assistant', contents: 'It was\n[This answer was interrupted here.]', authorName: 'guide' },
  ]);
});

test('an answer that was interrupted before its first word says so', () => {
  const empty: Message = { role: 'assistant', contents: [{ type: 'text_reasoning', text: 'Hm' }], status: 'cancelled' };

  expect(replayable([empty])).toStrictEqual([
    { role: 'assistant', contents: '[This answer was interrupted before its first word.]' },
  ]);
});

test('an interrupted answer keeps its whole calls and loses those that were cut', () => {
  const half: Message = {
    ...says({ type: 'text', text: 'So' }, call('1', '{"a":1}'), call('2', '{"a"')),
    status: 'failed',
  };

  expect(replayable([half, user])).toStrictEqual([
    says({ type: 'text', text: 'So\n[This answer was interrupted here.]' }, call('1', '{"a":1}')),
    results(unanswered('1')),
    user,
  ]);
});

test.each<Role>(['user', 'system'])('what a %s said is never changed', (role) => {
  const message: Message = { role, contents: [{ type: 'text', text: '{' }] };

  expect(replayable([message, says(call('1')), results(result('1'))])[0]).toBe(message);
});
