// The contract of a HistoryProvider, tested both ways: a store that keeps it passes, and each broken promise is found.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { historyCapabilities, runHistoryCheck } from '../../src/contracts/history.ts';
import type { HistoryChecks, HistoryRig } from '../../src/contracts/history-check.ts';
import { historyContract } from '../../src/contracts/index.ts';
import { brokenHistory, historyMutants } from './broken-history.ts';
import { expectFound, impatientOf } from './impatient.ts';
import { openHistory } from './naive-file-history.ts';
import { rightHistory, Shelf } from './right-history.ts';

historyContract('the smallest store that keeps the contract', () => brokenHistory(), { without: ['otherProcess'] });

historyContract('a store that freezes what it gives out', frozenHistory, {
  without: ['reopen', 'spoil', 'otherProcess'],
  only: 'turns whole and in order',
});

const checks: HistoryChecks = Object.assign({}, ...historyCapabilities.map((capability) => capability.checks));

const order = 'turns come back in the order they were added, and each append raises the version by one';
const clear = 'clear deletes the conversation, which starts again at version 0';
const lastTurns = 'lastTurns returns the newest turns, whole and in order, and the total count';
const conflict = 'an append at another version than the stored one is refused and stores nothing';
const ids = 'each hostile id has its own conversation';
const spoiled = 'a corrupt record is an error, never an empty or shorter history';
const processes = 'two processes that write to one session lose no turn and mix none';
const truncate = 'truncate keeps the first turns unchanged, raises the version by one, and the next turn follows them';
const others = 'truncate leaves the turns of every other session';
const anyCount = 'an invalid number of turns, or more than are stored, is refused and removes nothing';
const emptied = 'a history truncated to no turns keeps its version until it is cleared';
const late = 'an append that loaded before a truncate is refused, even when the turn count is the same again';
const reopened = 'a new handle on the storage sees the truncated history and its version';
const truncatingProcesses = 'two processes that append and truncate lose no change and mix none';
const killedTruncates = 'a process killed during a truncate leaves either all of it or none of it';
const kills = 'a writer killed at any moment loses no acknowledged turn and leaves no partial one';

const foundBy: readonly (readonly [mutant: string, sentence: string, never?: string])[] = [
  ['greets new sessions', 'a new session is empty and at version 0'],
  ['gives the newest first', order],
  ['sorts by number as text', order],
  ['keeps the text alone', 'every kind of content comes back unchanged'],
  ['drops members it does not know', 'members that this version does not know come back unchanged'],
  ['gives each message as a turn', 'messages also come back grouped by turn, as they were added'],
  ['keeps the objects of the caller', 'changes the caller makes after the append are not stored'],
  ['clears every session', clear],
  ['clears by prefix', 'clearing every second hostile id keeps the others'],
  ['stores what JSON makes of it', 'a value JSON cannot represent is refused before anything is stored'],
  ['gives the oldest turns', lastTurns],
  ['takes 0 for all', lastTurns],
  ['takes the loaded turns for all', lastTurns],
  ['counts the turns it loaded', lastTurns],
  ['counts messages', 'lastTurns counts turns, not messages'],
  ['takes any lastTurns', 'an invalid lastTurns is refused'],
  ['ignores the version', conflict],
  ['ignores the version', clear],
  ['stores half of a refused turn', conflict],
  ['stores half of a refused turn', 'after a refusal the history accepts the turn at the right version'],
  ['looks before it waits', 'of 50 concurrent appends, one is stored and 49 are refused'],
  ['looks before it waits', 'ten writers that retry when refused lose no turn'],
  ['has one write under way for all', 'concurrent appends to 20 sessions are all stored'],
  ['keeps the last turns', truncate],
  ['keeps a turn too many', truncate],
  ['keeps a turn too few', truncate],
  ['truncates at any version', 'a truncate at another version than the stored one is refused and removes nothing'],
  ['counts turns for versions', truncate],
  ['counts turns for versions', late],
  ['knows of one truncate only', 'repeated truncates each raise the version by one'],
  ['forgets the version with the last turn', emptied],
  ['keeps the version through a clear', emptied],
  ['counts a truncate of nothing', 'a truncate with nothing to remove changes nothing'],
  ['truncates to any number', anyCount],
  ['keeps a turn too few', anyCount],
  ['truncates every session', others],
  ['truncates by prefix', others],
  ['looks before it waits to truncate', 'of 30 concurrent appends and truncates, one is stored and 29 are refused'],
  ['removes turn by turn', 'a reader sees the turns before or after a truncate, never part of one'],
  ['forgets truncates on restart', reopened],
  ['forgets on restart how often it was changed', reopened],
  ['replaces characters of ids', ids],
  ['sees no upper case', ids],
  ['trims ids', ids],
  ['cuts ids', ids],
  ['writes ids as UTF-8', ids],
  ['normalizes ids', ids],
  ['stops ids at U+0000', ids],
  ['has an object for a map', ids],
  ['writes texts as UTF-8', 'hostile texts come back unchanged'],
  ['drops U+0000', 'hostile texts come back unchanged'],
  ['assigns members one by one', 'hostile member names are stored as plain members and touch no prototype'],
  ['cuts long texts', 'a message of 1 MiB comes back whole, and so do the turns around it'],
  ['forgets on restart', 'a new handle on the storage continues where the old one stopped'],
  ['takes a spoiled record for none', spoiled],
  ['takes a spoiled session for a new one', spoiled],
  ['answers no append', order, 'the store'],
  ['refuses every turn but the first', 'ten writers that retry when refused lose no turn'],
];

test.for(foundBy)('a history that %s is found by: %s', async ([mutant, sentence, never = null]) => {
  const run = runHistoryCheck({}, checks[sentence]!, () => brokenHistory(mutant), impatientOf(never));

  await expectFound(run, never);
});

test.for([
  ['at once', processes],
  ['at once', kills],
  ['later', kills],
  ['at once', truncatingProcesses],
  ['at once', killedTruncates],
  ['later', killedTruncates],
])('a file that is written as a whole, %s, is found by: %s', { timeout: 60_000 }, async ([how, sentence]) => {
  const folder = await mkdtemp(join(tmpdir(), 'turnstream-'));
  const argument = `${how === 'later' ? 'later' : 'now'} ${join(folder, 'history.json')}`;
  const rig: HistoryRig = {
    history: openHistory(argument),
    reopen: () => openHistory(argument),
    otherProcess: { module: new URL('./naive-file-history.ts', import.meta.url).href, argument, kills: 40 },
  };

  const check = checks[sentence!]!(rig);

  await expect(check).rejects.toThrow();
  await rm(folder, { recursive: true });
});

const ofProcesses = [processes, kills, truncatingProcesses, killedTruncates];

test('every sentence of the contract finds some broken history, and every broken history is found', () => {
  const sentences = new Set([...foundBy.map(([, sentence]) => sentence), ...ofProcesses]);
  const found = new Set(foundBy.map(([mutant]) => mutant));

  expect([...sentences].toSorted()).toEqual(Object.keys(checks).toSorted());
  expect([...found].toSorted()).toEqual(historyMutants.toSorted());
});

function frozenHistory(): HistoryRig {
  const right = rightHistory(new Shelf());
  return {
    history: {
      ...right,
      async load(session, options) {
        const { messages, ...rest } = await right.load(session, options);
        return { ...rest, messages: Object.freeze(messages) };
      },
    },
  };
}
