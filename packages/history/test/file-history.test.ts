// Conversations in files: where they are, what is read of them, and what a truncate leaves.
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AgentSession, textOf } from '@turnstream/core';
import { expect, test, vi } from 'vitest';
import { FileHistory, FileSessions } from '../src/file.ts';
import { texts, turn } from './file-turns.ts';
import { newFolder } from './folder.ts';

test('a conversation is a file of one JSON line a turn, which only its owner may read', async () => {
  await using folder = await newFolder();
  const directory = join(folder.path, 'new', 'sessions');
  const history = new FileHistory(directory);

  await history.append({ sessionId: 's' }, turn('A'), 0);
  await history.append({ sessionId: 's' }, turn('B'), 1);

  expect(await readFile(join(directory, 'id-s.jsonl'), 'utf8')).toBe(
    '{"format":1,"turn":1,"messages":[{"role":"user","contents":"A"}]}\n' +
      '{"format":1,"turn":2,"messages":[{"role":"user","contents":"B"}]}\n',
  );
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  expect((await stat(join(directory, 'id-s.jsonl'))).mode & 0o777).toBe(0o600);
});

test.each([
  ['../../evil', '../../evil'],
  ['/etc/passwd', '/etc/passwd'],
  ['..', '..'],
  ['.', '.'],
  ['a/../../b', 'a/../../b'],
  ['C:\\x', 'C:\\x'],
  ['con', 'con'],
  ['~/a', '~/a'],
  ['U+0000', '\0'],
  ['of 5,000 letters', 'x'.repeat(5_000)],
])('the id %s is a file in the directory and nowhere else', async (_what, sessionId) => {
  await using folder = await newFolder();
  const directory = join(folder.path, 'a', 'b', 'c');
  const history = new FileHistory(directory);

  await history.append({ sessionId }, turn('A'), 0);

  const files = (await readdir(folder.path, { recursive: true })).filter((name) => name.endsWith('.jsonl'));
  expect(files).toHaveLength(1);
  expect(files[0]).toMatch(/^a\/b\/c\/id-[a-z0-9_%-]{1,128}\.jsonl$/);
});

test('the last turns are read from the end: what comes before is not looked at', async () => {
  await using folder = await newFolder();
  const history = new FileHistory(folder.path);
  const file = join(folder.path, 'id-s.jsonl');
  // Lines longer than one read, and one that is longer than several.
  const sizes = [10, 100_000, 70_000, 20, 900_000, 30];
  for (const [version, size] of sizes.entries())
    await history.append({ sessionId: 's' }, turn(`${version}`.padEnd(size, '.')), version);
  await writeFile(file, (await readFile(file, 'utf8')).replace('{"format":1,"turn":1,', '{"format":9,"turn":1,'));

  const loads = await Promise.all([0, 1, 2, 3, 5].map((lastTurns) => history.load({ sessionId: 's' }, { lastTurns })));

  expect(loads.map(({ messages }) => messages.map(({ contents }) => contents.length))).toEqual([
    [],
    [30],
    [900_000, 30],
    [20, 900_000, 30],
    [100_000, 70_000, 20, 900_000, 30],
  ]);
  expect(loads.map(({ version }) => version)).toEqual([6, 6, 6, 6, 6]);
  await expect(history.load({ sessionId: 's' }, { lastTurns: 6 })).rejects.toMatchObject({ code: 'history_corrupt' });
});

test('a truncate keeps the first lines and adds one with the version, which later lines continue', async () => {
  await using folder = await newFolder();
  const history = new FileHistory(folder.path);
  const file = join(folder.path, 'id-s.jsonl');
  for (const [version, text] of ['A', 'B', 'C'].entries())
    await history.append({ sessionId: 's' }, turn(text), version);

  await history.truncate({ sessionId: 's' }, 1, 3);
  await history.append({ sessionId: 's' }, turn('D'), 4);
  const once = await readFile(file, 'utf8');
  await history.truncate({ sessionId: 's' }, 0, 5);

  expect(once).toBe(
    '{"format":1,"turn":1,"messages":[{"role":"user","contents":"A"}]}\n' +
      '{"format":1,"turn":1,"version":4}\n' +
      '{"format":1,"turn":2,"version":5,"messages":[{"role":"user","contents":"D"}]}\n',
  );
  expect(await readFile(file, 'utf8')).toBe('{"format":1,"turn":0,"version":6}\n');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await readdir(folder.path)).toSorted()).toEqual(['.claims', 'id-s.jsonl']);
});

test('the last turns are found wherever among them a truncate left its line', async () => {
  await using folder = await newFolder();
  const history = new FileHistory(folder.path);
  for (const [version, text] of ['A', 'B', 'C', 'D'].entries())
    await history.append({ sessionId: 's' }, turn(text), version);
  await history.truncate({ sessionId: 's' }, 2, 4);
  const loads: unknown[] = [];

  for (const [index, added] of ['E', 'F', 'G'].entries()) {
    await history.append({ sessionId: 's' }, turn(added), 5 + index);
    for (const lastTurns of [0, 1, 2, 3, 9]) {
      const { messages, turnCount } = await history.load({ sessionId: 's' }, { lastTurns });
      loads.push([messages.map(textOf), turnCount]);
    }
  }

  const stored = [
    ['A', 'B', 'E'],
    ['A', 'B', 'E', 'F'],
    ['A', 'B', 'E', 'F', 'G'],
  ];
  expect(loads).toEqual(
    stored.flatMap((all) => [0, 1, 2, 3, 9].map((count) => [count === 0 ? [] : all.slice(-count), all.length])),
  );
});

test('a file that cannot be read is not truncated', async () => {
  await using folder = await newFolder();
  const history = new FileHistory(folder.path);
  for (const [version, text] of ['A', 'B', 'C'].entries())
    await history.append({ sessionId: 's' }, turn(text), version);
  const file = join(folder.path, 'id-s.jsonl');
  const spoiled = (await readFile(file, 'utf8')).replace('"turn":1', '"turn":7');
  await writeFile(file, spoiled);

  const truncating = history.truncate({ sessionId: 's' }, 2, 3);

  await expect(truncating).rejects.toMatchObject({ code: 'history_corrupt' });
  expect(await readFile(file, 'utf8')).toBe(spoiled);
});

test('the leftovers of a killed truncate do no harm, and clear removes them', async () => {
  await using folder = await newFolder();
  const history = new FileHistory(folder.path);
  for (const [version, text] of ['A', 'B'].entries()) await history.append({ sessionId: 's' }, turn(text), version);
  await writeFile(join(folder.path, 'id-s.jsonl.tmp'), '{"format":1,"turn":1,"mess', { mode: 0o600 });

  const before = await texts(history);
  await history.truncate({ sessionId: 's' }, 1, 2);
  const after = await texts(history);
  await writeFile(join(folder.path, 'id-s.jsonl.tmp'), '{"format":1,"turn":1,"mess', { mode: 0o600 });
  await history.clear({ sessionId: 's' });

  expect([before, after]).toEqual([['A', 'B'], ['A']]);
  expect(await readdir(folder.path)).toEqual(['.claims']);
});

test('histories and session records live in one directory, and a stopped write of a record does no harm', async () => {
  await using folder = await newFolder();
  const [history, sessions] = [new FileHistory(folder.path), new FileSessions(folder.path)];
  await history.append({ sessionId: 's' }, turn('A'), 0);
  await sessions.save(new AgentSession({ sessionId: 's' }), { owner: 'ann' });
  await writeFile(join(folder.path, 'id-s.session.tmp'), '{"half', { mode: 0o600 });

  const opened = await sessions.open('s', { owner: 'ann' });
  await sessions.save(opened!, { owner: 'ann' });

  expect((await sessions.list('ann')).map(({ sessionId }) => sessionId)).toEqual(['s']);
  expect(await texts(history)).toEqual(['A']);
  expect((await stat(join(folder.path, 'id-s.session'))).mode & 0o777).toBe(0o600);
});

test.each(['{"half', '[]', 'null', '{"sessionId":"s"}'])(
  'a session file of %s is an error that names it',
  async (text) => {
    await using folder = await newFolder();
    await writeFile(join(folder.path, 'id-s.session'), text);

    const open = new FileSessions(folder.path).open('s', { owner: 'ann' });

    await expect(open).rejects.toMatchObject({
      code: 'session_invalid',
      message: expect.stringContaining('id-s.session'),
    });
  },
);

test('what has expired is swept from the directory by a listing', async () => {
  await using folder = await newFolder();
  const sessions = new FileSessions(folder.path);
  await sessions.save(new AgentSession({ sessionId: 's' }), { owner: 'ann', ttlMs: 1 });

  await vi.waitFor(async () =>
    expect(await sessions.list('bob').then(() => readdir(folder.path))).toEqual(['.claims']),
  );
});

test('sessions in the directory of a history are listed once, whatever else lies in it', async () => {
  await using folder = await newFolder();
  const [history, sessions] = [new FileHistory(folder.path), new FileSessions(folder.path)];
  await sessions.save(new AgentSession({ sessionId: 'ann' }), { owner: 'ann' });
  await history.append({ sessionId: 'ann12' }, turn('A'), 0);

  const listed = await sessions.list('ann');

  expect(listed.map(({ sessionId }) => sessionId)).toEqual(['ann']);
});
