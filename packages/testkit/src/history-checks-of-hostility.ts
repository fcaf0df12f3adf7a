// What every history does with ids and texts that were chosen to break it: they are data, whatever they look like.
import type { Message } from '@turnstream/core';
import { expect } from 'vitest';
import { addTurns, type HistoryChecks, newSession, storedNames, turnOf } from './history-check.ts';

const long = 'x'.repeat(10_000);

/** No two may share a conversation. Written as data, because some cannot be typed. */
export const hostileIds: readonly string[] = [
  ...['a', 'A', 'a ', ' a', 'a.', '.a', 'a\n', 'a\t', 'á', 'a\u0301', 'ａ', 'a\u200b'],
  ...['.', '..', '/', '\\', '../a', '..\\a', '/etc/passwd', 'C:\\a', '~', '~/a', 'a/b', 'a\\b', 'a_b', 'a:b', 'a%2fb'],
  ...['con', 'CON', 'nul', 'com1', 'aux.txt', 'a.jsonl', 'a.torn', 'id-a', '-rf', '$HOME', '*', '?', 'a|b', '"', "'"],
  ...["'; DROP TABLE turns; --", "' OR '1'='1", '$1', '?1', '%', '_', '%0061', '%sha256-a', 'LIKE %', '\\x00'],
  ...['{a}', '{', '}', 'a}:turns', 'turnstream:{a}:turns', '\r\nDEL a', 'KEYS[1]', '[a]'],
  ...['\0', 'a\0', 'a\0b', '\ud800', '\udfff', 'a\ud800', '\ufffd', '\ufeff', '😀', '\u2028'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'undefined', 'null', '0', '-0', 'true', 'default'],
  ...[long, `${long}y`, `${long}z`, 'ü'.repeat(3_000), `${'ü'.repeat(2_999)}u`],
];

const hostileTexts: readonly string[] = [
  ...['', ' ', '\0', 'a\0b', '\u0001\u001f\u007f', '\r\n', 'line\nbreak', '\u2028\u2029', '\ufeff', '\ufffd'],
  ...['\ud800', '\udc00\ud800', 'half 😀'.slice(0, -1), '😀 é ü 漢字 ﷽', '\\', '\\u0000', '"', "'"],
  ...["'); DROP TABLE turns; --", '$1 $2', '{"format":1}', '</script>', '%s %d', '__proto__', 'null'],
];

export const checksOfHostileIds: HistoryChecks = {
  async 'each of a hundred hostile ids has a conversation of its own'({ history }) {
    await Promise.all(hostileIds.map((sessionId, index) => addTurns(history, { sessionId }, [`${index}`])));

    const stored = await Promise.all(hostileIds.map((sessionId) => storedNames(history, { sessionId })));

    expect(stored).toEqual(hostileIds.map((_, index) => [`${index}`]));
    return `${hostileIds.length} ids`;
  },

  async 'clearing every second hostile id leaves the others'({ history }) {
    await Promise.all(hostileIds.map((sessionId, index) => addTurns(history, { sessionId }, [`${index}`])));

    for (const [index, sessionId] of hostileIds.entries()) if (index % 2 === 0) await history.clear({ sessionId });

    const stored = await Promise.all(hostileIds.map((sessionId) => storedNames(history, { sessionId })));
    expect(stored).toEqual(hostileIds.map((_, index) => (index % 2 === 0 ? [] : [`${index}`])));
  },
};

export const checksOfHostileContents: HistoryChecks = {
  async 'hostile texts come back as they were'({ history }) {
    const session = newSession();
    const turn = hostileTexts.map((contents): Message => ({ role: 'user', contents }));
    await history.append(session, turn, 0);

    const { messages } = await history.load(session);

    expect(messages).toEqual(turn);
    return `${hostileTexts.length} texts`;
  },

  async 'hostile names of members are members, and no prototype is touched'({ history }) {
    const session = newSession();
    const turn = JSON.parse(
      '[{"role":"user","contents":"x","__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"a\\u0000b":1}]',
    ) as readonly Message[];
    await history.append(session, turn, 0);

    const { messages } = await history.load(session);

    expect(JSON.stringify(messages)).toBe(JSON.stringify(turn));
    expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false);
    expect((messages[0] as { admin?: boolean }).admin).toBeUndefined();
  },

  async 'a message of 1 MiB comes back whole, and the turns around it too'({ history }) {
    const session = newSession();
    const text = '0123456789abcdé\n'.repeat(65_536);
    await addTurns(history, session, ['1']);
    await history.append(session, [{ role: 'user', contents: text }], 1);
    await history.append(session, turnOf('3'), 2);

    const { messages } = await history.load(session);

    expect(messages.map((message) => message.contents === text)).toEqual([false, false, true, false, false]);
    expect((await history.load(session, { lastTurns: 1 })).messages).toEqual(turnOf('3'));
  },
};
