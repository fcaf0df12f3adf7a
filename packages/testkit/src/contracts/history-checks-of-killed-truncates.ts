// What a persistent history keeps when several processes append and truncate, to the end or until they are killed.
import type { HistoryProvider } from '@turnstream/core';
import type { SessionKey } from '@turnstream/core/seams';
import { expect } from 'vitest';
import { type HistoryChecks, type HistoryRig, newSession, turnNames } from './history-check.ts';
import { begin, killWhen, onLanes, reopen, startWriter } from './history-processes.ts';

const TURNS_EACH = 40;
const KILLS_PER_SESSION = 5;

export const checksOfTruncatingProcesses: HistoryChecks = {
  async 'two processes that append and truncate lose no change and mix none'(rig) {
    const session = newSession();
    const changes = new Changes();
    const start = (name: string) =>
      startWriter(rig, 'history-rewinder', { session, name, turns: TURNS_EACH, onLine: changes.listener() });
    await using first = start('a');
    await using second = start('b');

    await begin(first, second);
    await Promise.all([first.closed, second.closed]);

    const version = await expectAllOf(changes, await reopen(rig), session);
    expect([first.child.exitCode, second.child.exitCode, changes.acknowledged]).toEqual([0, 0, version]);
    return `${version} changes of 2 processes`;
  },
};

export const checksOfKilledTruncates: HistoryChecks = {
  async 'a process killed during a truncate leaves either all of it or none of it'(rig) {
    const kills = rig.otherProcess?.kills ?? KILLS_PER_SESSION;
    let acknowledged = 0;

    await onLanes(kills, async ({ times, hasFailed }) => {
      const here = await killRewinders(rig, times, hasFailed);
      acknowledged += here;
    });

    return `${kills} kills, ${acknowledged} changes acknowledged, 0 lost, 0 partial`;
  },
};

/** Kills processes one after the other. Resolves with the number of changes they acknowledged. */
async function killRewinders(rig: HistoryRig, kills: number, hasFailed: () => boolean): Promise<number> {
  let acknowledged = 0;
  let session = newSession();
  let changes = new Changes();
  for (let kill = 0; kill < kills && !hasFailed(); kill += 1) {
    if (kill % KILLS_PER_SESSION === 0) [session, changes] = [newSession(), new Changes()];
    const before = changes.acknowledged;
    // At least two turns and a truncate.
    const enough = before + 3 + Math.floor(Math.random() * 3);
    const job = { session, name: `${kill}`, turns: 1_000, onLine: changes.listener() };
    await killWhen(startWriter(rig, 'history-rewinder', job), () => changes.acknowledged >= enough);
    await expectAllOf(changes, await reopen(rig), session);
    acknowledged += changes.acknowledged - before;
  }
  return acknowledged;
}

/** Rejects when a change is lost, partial, or made by no process. Resolves with the version. */
async function expectAllOf(changes: Changes, history: HistoryProvider, session: SessionKey): Promise<number> {
  const { messages, version } = await history.load(session);
  expect(turnNames(messages)).toEqual(changes.namesAt(version));
  return version;
}

/** The name of the turn that was added, or how many turns were kept. */
type Change = { readonly added: string } | { readonly kept: number };

/** The changes that processes reported for one history, keyed by the version they were made at. */
class Changes {
  readonly #stored = new Map<number, Change>();
  /** The last attempt of each process whose outcome is unknown, because the kill may have come first. */
  readonly #tried = new Map<number, { readonly version: number; readonly change: Change }>();
  /** Versions with a second change. Reported when the history is compared, because a listener must not throw. */
  readonly #twice: number[] = [];
  #processes = 0;

  get acknowledged(): number {
    return this.#stored.size;
  }

  /** A listener for the output lines of one process. */
  listener(): (line: string) => void {
    const process = (this.#processes += 1);
    return (line) => {
      const { tries, stored, ...change } = JSON.parse(line) as { tries?: number; stored?: number } & Change;
      if (tries !== undefined) {
        this.#tried.set(process, { version: tries, change });
        return;
      }
      if (stored !== undefined) this.#acknowledge(stored, this.#tried.get(process)?.change);
      this.#tried.delete(process);
    };
  }

  /** The turns that a history at this version must hold. Throws when that version is impossible. */
  namesAt(version: number): string[] {
    if (this.#twice.length > 0) throw new Error(`two changes were made at version ${this.#twice[0]}`);
    if (this.#stored.has(version)) throw new Error(`the change at version ${version} is lost`);
    let names: string[] = [];
    for (let at = 0; at < version; at += 1) {
      const change = this.#stored.get(at) ?? [...this.#tried.values()].find((tried) => tried.version === at)?.change;
      if (change === undefined) throw new Error(`no process made the change at version ${at}`);
      names = 'added' in change ? [...names, change.added] : names.slice(0, change.kept);
    }
    return names;
  }

  #acknowledge(version: number, change: Change | undefined): void {
    if (change === undefined || this.#stored.has(version)) this.#twice.push(version);
    else this.#stored.set(version, change);
  }
}
