import type { Message } from '@turnstream/core';
import { expect, test } from 'vitest';
import { countsIn } from '../src/file-line.ts';
import { decodeTurns, encodeMessages, RECORD_START } from '../src/record.ts';

const turn: readonly Message[] = [{ role: 'user', contents: 'Hello' }];
const encodeTurn = (messages: readonly Message[], number: number): string =>
  `${RECORD_START}${number}${encodeMessages(messages)}`;
const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);

test('a record is one line of text that every encoding holds, with its format and its number', () => {
  const record = encodeTurn([{ role: 'user', contents: 'a\0b\ud800\n' }], 7);

  expect(record).toBe(String.raw`{"format":1,"turn":7,"messages":[{"role":"user","contents":"a\u0000b\ud800\n"}]}`);
});

test('records give back their turns, and members of the record that are not known do no harm', () => {
  const records = [encodeTurn(turn, 1), encodeTurn(turn, 2).replace('{', '{"signature":"x",')];

  const turns = decodeTurns(records, { sessionId: 's', turnCount: 2 });

  expect(turns).toEqual([turn, turn]);
});

test('the number orders the turns: a record in the wrong position is an error', () => {
  const bye: readonly Message[] = [{ role: 'user', contents: 'Bye' }];
  const [first, second] = [encodeTurn(turn, 1), encodeTurn(bye, 2)];

  const inOrder = decodeTurns([first, second], { sessionId: 's', turnCount: 2 });
  const swapped = (): unknown => decodeTurns([second, first], { sessionId: 's', turnCount: 2 });

  expect(inOrder).toEqual([turn, bye]);
  expect(swapped).toThrow('record 1 of session "s" claims to be a different turn');
});

test.each([
  ['no JSON', 'x', 'record 3 of session "s": it is not JSON'],
  ['nothing', '', 'record 3 of session "s": it is not JSON'],
  ['null', 'null', 'record 3 of session "s": it is null'],
  ['a list', '[]', 'record 3 of session "s": it is a list'],
  ['a newer format', '{"format":2,"turn":3,"messages":[]}', 'record 3 of session "s": "format" is not one'],
  ['another turn', encodeTurn(turn, 4), 'record 3 of session "s" claims to be a different turn'],
  ['no messages', '{"format":1,"turn":3}', 'record 3 of session "s": "messages" is missing'],
  ['a broken message', '{"format":1,"turn":3,"messages":[{"role":"user"}]}', '"messages[0].contents" is missing'],
  ['too deep', JSON.stringify({ format: 1, turn: 3, messages: nested(70) }), 'is nested deeper than 66 levels'],
  ['too long', ' '.repeat(16 * 1024 * 1024 + 1), 'has 16777217 characters'],
  ['a prototype', '{"__proto__":{"format":1,"turn":3,"messages":[]}}', 'record 3 of session "s": "format" is missing'],
])('a record that is %s is an error that says where', (_what, record, problem) => {
  const decode = (): unknown =>
    decodeTurns([encodeTurn(turn, 2), record], { sessionId: 's', turnCount: 3, lastTurns: 2 });

  expect(decode).toThrow(problem);
  expect(decode).toThrow(expect.objectContaining({ code: 'history_corrupt' }));
});

test('members that a record lacks are not looked for in a polluted prototype', () => {
  Object.assign(Object.prototype, { messages: turn });
  try {
    const decode = (): unknown => decodeTurns(['{"format":1,"turn":1}'], { sessionId: 's', turnCount: 1 });

    expect(decode).toThrow('"messages" is missing');
  } finally {
    delete (Object.prototype as { messages?: unknown }).messages;
  }
});

test('too few records are an error, not a shorter history', () => {
  const decode = (): unknown => decodeTurns([], { sessionId: 's', turnCount: 2 });

  expect(decode).toThrow('session "s" holds 0 of 2 records');
});

test('an error about a record does not quote it', () => {
  const decode = (): unknown => decodeTurns(['my secret'], { sessionId: 's', turnCount: 1 });

  expect(decode).not.toThrow(/secret/);
  expect(decode).toThrow('not JSON');
});

test.each([
  '{"turn":0}',
  '{"turn":"1"}',
  '{"turn":1.5}',
  '{"turn":3,"version":2}',
  '{"turn":0,"version":0}',
  '{}',
  '[]',
])('%s as the last line of a file is an error', (line) => {
  expect(() => countsIn(line, 's')).toThrow(expect.objectContaining({ code: 'history_corrupt' }));
});

test('what would be too deep or too long to be read again is not written', () => {
  const deep = [{ role: 'user', contents: 'x', deep: nested(64) }] as unknown as readonly Message[];
  const long: readonly Message[] = [{ role: 'user', contents: 'x'.repeat(16 * 1024 * 1024) }];

  expect(() => encodeMessages(deep)).toThrow('deeper than 64 levels');
  expect(() => encodeMessages(long)).toThrow(/has 167772\d\d characters/);
});

test('the deepest turn that is written is read again', () => {
  const deepest = [{ role: 'user', contents: 'x', deep: nested(63) }] as unknown as readonly Message[];

  const turns = decodeTurns([encodeTurn(deepest, 1)], { sessionId: 's', turnCount: 1 });

  expect(turns).toEqual([deepest]);
});
