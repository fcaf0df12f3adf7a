// The contract of a HistoryProvider, proven both ways: a store that keeps it passes, and each broken promise is found.
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

historyContract('the smallest store that keeps the contract', () => brokenHistory(), { without: ['otherProcess'] });

const checks: HistoryChecks = Object.assign({}, ...historyCapabilities.map((capability) => capability.checks));

const order = 'turns come back in the order they were added, each append one version further';
const clear = 'clear forgets the conversation, which begins again at version 0';
const lastTurns = 'lastTurns gives the newest turns, whole and in order, and the version of all';
const conflict = 'an append at another version than the stored one is refused and stores nothing';
const ids = 'each hostile id has a conversation of its own';
const spoiled = 'a spoiled record is an error and never an empty or shorter history';
const processes = 'two processes that write to one session lose no turn and mix none';
const kills = 'a writer killed at any moment loses no acknowledged turn and leaves no half one';

const foundBy: readonly (readonly [mutant: string, sentence: string, never?: string])[] = [
  ['greets new sessions', 'a session that nobody wrote to is empty and stands at version 0'],
  ['gives the newest first', order],
  ['sorts by number as text', order],
  ['keeps the text alone', 'every kind of content comes back as it was'],
  ['drops members it does not know', 'members that this version does not know come back as they were'],
  ['keeps the objects of the caller', 'what the caller changes after the append is not stored'],
  ['clears every session', clear],
  ['clears by prefix', 'clearing every second hostile id leaves the others'],
  ['stores what JSON makes of it', 'what JSON cannot hold is refused before anything is stored'],
  ['gives the oldest turns', lastTurns],
  ['takes 0 for all', lastTurns],
  ['takes the loaded turns for all', lastTurns],
  ['counts messages', 'lastTurns counts turns and not messages'],
  ['takes any lastTurns', 'a lastTurns that is not a number of turns is refused'],
  ['ignores the version', conflict],
  ['ignores the version', clear],
  ['stores half of a refused turn', conflict],
  ['stores half of a refused turn', 'after a refusal the history takes the turn at the right version'],
  ['looks before it waits', 'of 50 appends at once one is stored and 49 are refused'],
  ['looks before it waits', 'ten writers who try again when refused lose no turn'],
  ['has one write under way for all', 'appends to 20 sessions at once are all stored'],
  ['replaces characters of ids', ids],
  ['sees no upper case', ids],
  ['trims ids', ids],
  ['cuts ids', ids],
  ['writes ids as UTF-8', ids],
  ['normalizes ids', ids],
  ['stops ids at U+0000', ids],
  ['has an object for a map', ids],
  ['writes texts as UTF-8', 'hostile texts come back as they were'],
  ['drops U+0000', 'hostile texts come back as they were'],
  ['assigns members one by one', 'hostile names of members are members, and no prototype is touched'],
  ['cuts long texts', 'a message of 1 MiB comes back whole, and the turns around it too'],
  ['forgets on restart', 'a new handle on the storage goes on where the old one stopped'],
  ['takes a spoiled record for none', spoiled],
  ['takes a spoiled session for a new one', spoiled],
  ['answers no append', order, 'the store'],
  ['refuses every turn but the first', 'ten writers who try again when refused lose no turn'],
];

test.for(foundBy)('a history that %s is found by: %s', async ([mutant, sentence, never = null]) => {
  const run = runHistoryCheck({}, checks[sentence]!, () => brokenHistory(mutant), impatientOf(never));

  await expectFound(run, never);
});

test.for([
  ['at once', processes],
  ['at once', kills],
  ['later', kills],
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

test('every sentence of the contract finds some broken history, and every broken history is found', () => {
  const sentences = new Set([...foundBy.map(([, sentence]) => sentence), processes, kills]);
  const found = new Set(foundBy.map(([mutant]) => mutant));

  expect([...sentences].toSorted()).toEqual(Object.keys(checks).toSorted());
  expect([...found].toSorted()).toEqual(historyMutants.toSorted());
});
