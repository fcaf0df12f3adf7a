// What a history that outlives its process keeps: through restarts, spoiled records, second processes and kills.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { HistoryProvider } from '@turnstream/core';
import type { SessionKey } from '@turnstream/core/seams';
import { expect } from 'vitest';
import {
  addTurns,
  type HistoryChecks,
  type HistoryRig,
  newSession,
  type OtherProcess,
  storedNames,
  turnOf,
} from './history-check.ts';

// Sources run as they are; beside a built file there is a built one.
const WRITER = fileURLToPath(new URL(`./history-writer${import.meta.url.slice(-3)}`, import.meta.url));
const TURNS_EACH = 100;
/** Writers at a time: they wait for the disk more than they work. */
const LANES = 4;
/** Kills of one session, so that a killed writer's end is what the next one finds. */
const KILLS_PER_SESSION = 5;

export const checksOfRestarts: HistoryChecks = {
  async 'a new handle on the storage goes on where the old one stopped'(rig) {
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
  async 'a spoiled record is an error and never an empty or shorter history'(rig) {
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
    await using first = startWriter(rig, session, 'a', TURNS_EACH);
    await using second = startWriter(rig, session, 'b', TURNS_EACH);

    const acknowledged = await Promise.all([first, second].map(untilClosed));

    const names = await storedNames(await reopen(rig), session);
    const expected = Array.from({ length: TURNS_EACH }, (_, index) => index + 1);
    expect(acknowledged).toEqual([TURNS_EACH, TURNS_EACH]);
    for (const writer of ['a', 'b'])
      expect(names.filter((name) => name.startsWith(writer))).toEqual(expected.map((turn) => `${writer}-${turn}`));
    expect(names).toHaveLength(2 * TURNS_EACH);
    return `${names.length} turns of 2 processes`;
  },
};

export const checksOfKills: HistoryChecks = {
  async 'a writer killed at any moment loses no acknowledged turn and leaves no half one'(rig) {
    const kills = rig.otherProcess?.kills ?? KILLS_PER_SESSION;
    const counts = { acknowledged: 0, early: 0, failed: false };
    const lanes = Math.min(LANES, kills);

    const outcomes = await Promise.allSettled(
      Array.from({ length: lanes }, (_, lane) => killWriters(rig, Math.floor((kills + lane) / lanes), counts)),
    );

    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    return `${kills} kills, ${counts.acknowledged} turns acknowledged, 0 lost, 0 half, ${counts.early} stored unacknowledged`;
  },
};

interface KillCounts {
  acknowledged: number;
  /** Turns that were stored when the kill kept their writer from saying so. */
  early: number;
  failed: boolean;
}

/** Kills writers one after the other, and rejects when one of them has lost a turn or left half of one. */
async function killWriters(rig: HistoryRig, kills: number, counts: KillCounts): Promise<void> {
  let session = newSession();
  let acknowledged: number[] = [];
  try {
    for (let kill = 0; kill < kills && !counts.failed; kill += 1) {
      if (kill % KILLS_PER_SESSION === 0) [session, acknowledged] = [newSession(), []];
      const turns = await killWriter(rig, session, `${acknowledged.length}`);
      acknowledged.push(turns);
      counts.acknowledged += turns;
      // Rejects when a turn is not whole.
      const names = await storedNames(await reopen(rig), session);
      expect(names).toEqual(possibleNames(acknowledged, new Set(names)));
      counts.early += names.includes(`${acknowledged.length - 1}-${turns + 1}`) ? 1 : 0;
    }
  } catch (error) {
    counts.failed = true;
    throw error;
  }
}

/**
 * All acknowledged turns, writer by writer. One more of each may be stored: when the kill came between the two, or when a
 * server finished what it had been asked for, which can be a moment after the kill.
 */
function possibleNames(acknowledged: readonly number[], stored: ReadonlySet<string>): string[] {
  return acknowledged.flatMap((turns, writer) => {
    const next = `${writer}-${turns + 1}`;
    const names = Array.from({ length: turns }, (_, index) => `${writer}-${index + 1}`);
    return stored.has(next) ? [...names, next] : names;
  });
}

async function reopen(rig: HistoryRig): Promise<HistoryProvider> {
  if (rig.reopen === undefined) throw new Error('the rig has no reopen');
  return rig.reopen();
}

interface Writer extends AsyncDisposable {
  readonly child: ChildProcessByStdio<null, Readable, null>;
  /** How many turns it has said to be stored. */
  acknowledged: number;
}

/** A process that adds turns. Disposing kills it if it has not ended. */
function startWriter(rig: HistoryRig, session: SessionKey, name: string, turns: number): Writer {
  const { module, argument } = rig.otherProcess as OtherProcess;
  const values = [module, argument, session.sessionId, name, String(turns)];
  const child = spawn(process.execPath, [WRITER, ...values], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const writer: Writer = {
    child,
    acknowledged: 0,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await closed;
    },
  };
  child.stdout.on('data', (bytes: Buffer) => (writer.acknowledged += bytes.toString().split('\n').length - 1));
  return writer;
}

async function untilClosed(writer: Writer): Promise<number> {
  await once(writer.child, 'close');
  return writer.acknowledged;
}

/** Starts a writer, kills it a random moment after one of its first turns, and resolves with how many it acknowledged. */
async function killWriter(rig: HistoryRig, session: SessionKey, name: string): Promise<number> {
  const writer = startWriter(rig, session, name, 1_000);
  const enough = 1 + Math.floor(Math.random() * 3);
  while (writer.acknowledged < enough) {
    await Promise.race([once(writer.child.stdout, 'data'), once(writer.child, 'close')]);
    if (writer.child.exitCode !== null) throw new Error(`the writer ended by itself: ${writer.child.exitCode}`);
  }
  await delay(Math.random() * 4);
  await writer[Symbol.asyncDispose]();
  return writer.acknowledged;
}
