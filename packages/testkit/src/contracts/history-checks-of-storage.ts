// What a persistent history keeps through restarts, corrupt records, second processes and kills.
import { expect } from 'vitest';
import { addTurns, type HistoryChecks, type HistoryRig, newSession, storedNames, turnOf } from './history-check.ts';
import { begin, killWhen, onLanes, reopen, startWriter } from './history-processes.ts';

const TURNS_EACH = 100;
/** All kills use one session, so that each writer continues where a killed one stopped. */
const KILLS_PER_SESSION = 5;

export const checksOfRestarts: HistoryChecks = {
  async 'a new handle on the storage continues where the old one stopped'(rig) {
    const session = newSession();
    await addTurns(rig.history, session, ['1', '2']);

    const reopened = await reopen(rig);
    const loaded = await storedNames(reopened, session);
    await reopened.append(session, turnOf('3'), 2);

    expect(loaded).toEqual(['1', '2']);
    await expect(rig.history.append(session, turnOf('x'), 2)).rejects.toMatchObject({ code: 'history_conflict' });
    expect(await storedNames(rig.history, session)).toEqual(['1', '2', '3']);
  },
};

export const checksOfSpoiledRecords: HistoryChecks = {
  async 'a corrupt record is an error, never an empty or shorter history'(rig) {
    const [session, other] = [newSession(), newSession()];
    await addTurns(rig.history, session, ['1', '2']);
    await addTurns(rig.history, other, ['1']);

    await rig.spoil?.(session.sessionId);
    const reopened = await reopen(rig);

    await expect(reopened.load(session)).rejects.toMatchObject({ code: 'history_corrupt' });
    await expect(reopened.load(session)).rejects.toThrow(session.sessionId);
    expect(await storedNames(reopened, other)).toEqual(['1']);
  },
};

export const checksOfProcesses: HistoryChecks = {
  async 'two processes that write to one session lose no turn and mix none'(rig) {
    const session = newSession();
    const acknowledged = { a: 0, b: 0 };
    const start = (name: 'a' | 'b') => {
      const onLine = (): void => void (acknowledged[name] += 1);
      return startWriter(rig, 'history-writer', { session, name, turns: TURNS_EACH, onLine });
    };
    await using first = start('a');
    await using second = start('b');

    await begin(first, second);
    await Promise.all([first.closed, second.closed]);

    const names = await storedNames(await reopen(rig), session);
    const expected = Array.from({ length: TURNS_EACH }, (_, index) => index + 1);
    expect(acknowledged).toEqual({ a: TURNS_EACH, b: TURNS_EACH });
    for (const writer of ['a', 'b'])
      expect(names.filter((name) => name.startsWith(writer))).toEqual(expected.map((turn) => `${writer}-${turn}`));
    expect(names).toHaveLength(2 * TURNS_EACH);
    return `${names.length} turns of 2 processes`;
  },
};

export const checksOfKills: HistoryChecks = {
  async 'a writer killed at any moment loses no acknowledged turn and leaves no partial one'(rig) {
    const kills = rig.otherProcess?.kills ?? KILLS_PER_SESSION;
    const counts = { acknowledged: 0, early: 0 };

    await onLanes(kills, ({ times, hasFailed }) => killWriters(rig, times, counts, hasFailed));

    return `${kills} kills, ${counts.acknowledged} turns acknowledged, 0 lost, 0 partial, ${counts.early} stored unacknowledged`;
  },
};

interface KillCounts {
  acknowledged: number;
  /** Turns that were stored although the kill came before the writer could report them. */
  early: number;
}

/** Kills writers one after the other. Rejects when one of them lost a turn or left a partial one. */
async function killWriters(
  rig: HistoryRig,
  kills: number,
  counts: KillCounts,
  hasFailed: () => boolean,
): Promise<void> {
  let session = newSession();
  let acknowledged: number[] = [];
  for (let kill = 0; kill < kills && !hasFailed(); kill += 1) {
    if (kill % KILLS_PER_SESSION === 0) [session, acknowledged] = [newSession(), []];
    let turns = 0;
    const onLine = (): void => void (turns += 1);
    const job = { session, name: `${acknowledged.length}`, turns: 1_000, onLine };
    const enough = 1 + Math.floor(Math.random() * 3);
    await killWhen(startWriter(rig, 'history-writer', job), () => turns >= enough);
    acknowledged.push(turns);
    counts.acknowledged += turns;
    // Rejects when a turn is incomplete.
    const names = await storedNames(await reopen(rig), session);
    expect(names).toEqual(possibleNames(acknowledged, new Set(names)));
    counts.early += names.includes(`${acknowledged.length - 1}-${turns + 1}`) ? 1 : 0;
  }
}

/**
 * All acknowledged turns, writer by writer. Each may have stored one more: when the kill came before the report, or
 * when a database server finished the write after it.
 */
function possibleNames(acknowledged: readonly number[], stored: ReadonlySet<string>): string[] {
  return acknowledged.flatMap((turns, writer) => {
    const next = `${writer}-${turns + 1}`;
    const names = Array.from({ length: turns }, (_, index) => `${writer}-${index + 1}`);
    return stored.has(next) ? [...names, next] : names;
  });
}
