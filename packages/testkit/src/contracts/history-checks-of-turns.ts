// What every history does with turns: it returns them whole, in order and unchanged, until they are cleared.
import type { Message } from '@turnstream/core';
import { expect } from 'vitest';
import { addTurns, type HistoryChecks, newSession, storedNames, turnNames, turnOf } from './history-check.ts';

/** More than nine, so that alphabetical order is detected. */
const dozen = Array.from({ length: 12 }, (_, index) => `${index + 1}`);

const EMPTY = { messages: [], turns: [], turnCount: 0, version: 0 };

const everyKind: readonly Message[] = [
  { role: 'system', contents: 'Speak softly.' },
  { role: 'user', contents: [{ type: 'text', text: 'Weather?' }], messageId: 'msg_1' },
  {
    role: 'assistant',
    authorName: 'guide',
    contents: [
      { type: 'text_reasoning', text: 'hm', id: 'rs_1', encrypted: 'gAAA=' },
      { type: 'function_call', callId: 'call_1', name: 'weather', arguments: '{"city":"Ulm"}' },
    ],
  },
  { role: 'tool', contents: [{ type: 'function_result', callId: 'call_1', result: 'sunny' }] },
  { role: 'assistant', contents: [{ type: 'refusal', text: 'I will not say.' }], status: 'incomplete' },
];

export const checksOfTurns: HistoryChecks = {
  async 'a new session is empty and at version 0'({ history }) {
    const loaded = await history.load(newSession());

    expect(loaded).toEqual(EMPTY);
  },

  async 'turns come back in the order they were added, and each append raises the version by one'({ history }) {
    const session = newSession();
    const versions: number[] = [];
    for (const [index, name] of dozen.entries())
      versions.push((await history.append(session, turnOf(name), index)).version);

    const { messages, turnCount, version } = await history.load(session);

    expect(turnNames(messages)).toEqual(dozen);
    expect(versions).toEqual(dozen.map(Number));
    expect([turnCount, version]).toEqual([12, 12]);
  },

  async 'every kind of content comes back unchanged'({ history }) {
    const session = newSession();
    await history.append(session, everyKind, 0);

    const { messages } = await history.load(session);

    expect(messages).toEqual(everyKind);
  },

  async 'messages also come back grouped by turn, as they were added'({ history }) {
    const session = newSession();
    await history.append(session, turnOf('1'), 0);
    await history.append(session, everyKind, 1);
    await history.append(session, turnOf('3'), 2);

    const all = await history.load(session);
    const last = await history.load(session, { lastTurns: 2 });

    expect(all.turns).toEqual([turnOf('1'), everyKind, turnOf('3')]);
    expect(last.turns).toEqual([everyKind, turnOf('3')]);
  },

  async 'members that this version does not know come back unchanged'({ history }) {
    const session = newSession();
    const turn = [
      { role: 'assistant', contents: [{ type: 'hologram', data: { deep: [1, null, true] } }], mood: { level: 0.5 } },
    ] as unknown as readonly Message[];
    await history.append(session, turn, 0);

    const { messages } = await history.load(session);

    expect(messages).toEqual(turn);
  },

  async 'changes the caller makes after the append are not stored'({ history }) {
    const session = newSession();
    const answer = { role: 'assistant' as const, contents: 'answer 1' };
    const turn: Message[] = [{ role: 'user', contents: 'question 1' }, answer];
    await history.append(session, turn, 0);

    answer.contents = 'changed';
    turn.push({ role: 'user', contents: 'added' });
    const first = await history.load(session);
    // A store may freeze what it gives out.
    if (!Object.isFrozen(first.messages)) (first.messages as Message[]).pop();

    expect(await storedNames(history, session)).toEqual(['1']);
  },

  async 'clear deletes the conversation, which starts again at version 0'({ history }) {
    const [session, other] = [newSession(), newSession()];
    await addTurns(history, session, ['1', '2']);
    await addTurns(history, other, ['kept']);

    await history.clear(session);
    await history.clear(newSession());
    const cleared = await history.load(session);
    await expect(history.append(session, turnOf('3'), 2)).rejects.toMatchObject({ code: 'history_conflict' });
    await addTurns(history, session, ['4']);

    expect(cleared).toEqual(EMPTY);
    expect(await storedNames(history, session)).toEqual(['4']);
    expect(await storedNames(history, other)).toEqual(['kept']);
  },

  async 'a value JSON cannot represent is refused before anything is stored'({ history }) {
    const session = newSession();
    const refused = [
      [{ role: 'user', contents: 'x', at: new Date(0) }],
      [{ role: 'user', contents: 'x', share: Number.NaN }],
      [{ role: 'nobody', contents: 'x' }],
    ] as unknown as (readonly Message[])[];

    for (const turn of refused)
      await expect(history.append(session, turn, 0)).rejects.toMatchObject({ code: 'input_invalid' });

    expect(await history.load(session)).toEqual(EMPTY);
  },
};

export const checksOfLastTurns: HistoryChecks = {
  async 'lastTurns returns the newest turns, whole and in order, and the total count'({ history }) {
    const session = newSession();
    await addTurns(history, session, dozen);

    const loads = await Promise.all(
      [0, 1, 3, 12, Number.MAX_SAFE_INTEGER].map((lastTurns) => history.load(session, { lastTurns })),
    );

    expect(loads.map(({ messages }) => turnNames(messages))).toEqual([[], ['12'], ['10', '11', '12'], dozen, dozen]);
    expect(loads.map(({ turns }) => turns.length)).toEqual([0, 1, 3, 12, 12]);
    expect(loads.map(({ turnCount, version }) => [turnCount, version])).toEqual(loads.map(() => [12, 12]));
  },

  async 'lastTurns counts turns, not messages'({ history }) {
    const session = newSession();
    await addTurns(history, session, ['1']);
    await history.append(session, everyKind, 1);

    const { messages } = await history.load(session, { lastTurns: 1 });

    expect(messages).toEqual(everyKind);
  },

  async 'an invalid lastTurns is refused'({ history }) {
    const session = newSession();
    await addTurns(history, session, ['1']);

    for (const lastTurns of [-1, 1.5, Number.NaN])
      await expect(history.load(session, { lastTurns })).rejects.toMatchObject({ code: 'input_invalid' });
  },
};
