import { appendFile, mkdir, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AgentSession, type Message, textOf } from '@turnstream/core';
import { expect, test, vi } from 'vitest';
import { FileHistory, FileSessions, type TornTail } from '../src/file.ts';
import { newFolder } from './folder.ts';

const turn = (text: string): readonly Message[] => [{ role: 'user', contents: text }];

async function texts(history: FileHistory, sessionId = 's'): Promise<unknown[]> {
  return (await history.load({ sessionId })).messages.map((message) => message.contents);
}

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

test('wherever the last line is cut, the turns before it are read, the rest is set aside, and the next turn follows', async () => {
  await using folder = await newFolder();
  const [file, torn] = [join(folder.path, 'id-s.jsonl'), join(folder.path, 'id-s.torn')];
  const tails: TornTail[] = [];
  const history = new FileHistory(folder.path, { onTornTail: (tail) => tails.push(tail) });
  await history.append({ sessionId: 's' }, turn('A'), 0);
  const { size: whole } = await stat(file);
  await history.append({ sessionId: 's' }, turn('é😀'), 1);
  const bytes = await readFile(file);

  for (let cut = whole + 1; cut < bytes.length; cut += 1) {
    await writeFile(file, bytes.subarray(0, cut));
    // Every second time it is an append that finds the tail.
    if (cut % 2 === 0) expect(await texts(history)).toEqual(['A']);
    await history.append({ sessionId: 's' }, turn('B'), 1);
    expect(await texts(history)).toEqual(['A', 'B']);
    expect(await readFile(torn)).toEqual(bytes.subarray(whole, cut));
    await rm(torn);
  }

  expect(tails).toHaveLength(bytes.length - whole - 1);
  expect(tails[4]).toEqual({ sessionId: 's', file: torn, bytes: 5 });
});

test('a first line that is cut leaves an empty conversation, and says so', async () => {
  await using folder = await newFolder();
  const onTornTail = vi.fn<(tail: TornTail) => void>();
  const history = new FileHistory(folder.path, { onTornTail });
  await history.append({ sessionId: 's' }, turn('A'), 0);
  await truncate(join(folder.path, 'id-s.jsonl'), 10);

  const loaded = await history.load({ sessionId: 's' });

  expect(loaded).toMatchObject({ turns: [], version: 0 });
  expect(onTornTail).toHaveBeenCalledOnce();
});

test('zeros that a power cut left in the place of the last line are a torn tail', async () => {
  await using folder = await newFolder();
  const tails: TornTail[] = [];
  const history = new FileHistory(folder.path, { onTornTail: (tail) => tails.push(tail) });
  await history.append({ sessionId: 's' }, turn('A'), 0);
  await appendFile(join(folder.path, 'id-s.jsonl'), `${'\0'.repeat(100)}"}]}\n{"form`);

  const stored = await texts(history);

  expect(stored).toEqual(['A']);
  expect(tails.map(({ bytes }) => bytes)).toEqual([111]);
});

test('without a listener, a torn tail is a warning of the process that names the file and not the text', async () => {
  await using folder = await newFolder();
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const history = new FileHistory(folder.path);
  await history.append({ sessionId: 's' }, turn('my secret'), 0);
  await truncate(join(folder.path, 'id-s.jsonl'), 60);

  await history.load({ sessionId: 's' });

  const [warning] = warn.mock.calls[0] ?? [];
  expect(warning).toContain(join(folder.path, 'id-s.torn'));
  expect(warning).not.toContain('secret');
  expect(warn).toHaveBeenCalledOnce();
});

test('clear removes what was set aside too', async () => {
  await using folder = await newFolder();
  const history = new FileHistory(folder.path, { onTornTail: () => {} });
  await history.append({ sessionId: 's' }, turn('A'), 0);
  await appendFile(join(folder.path, 'id-s.jsonl'), '{"format":1,"turn":2,"messages":[{"role":"us');
  await history.load({ sessionId: 's' });

  await history.clear({ sessionId: 's' });

  expect((await readdir(folder.path)).filter((name) => name.startsWith('id-'))).toEqual([]);
});

test('a symbolic link in the place of a file is refused and what it points to is not touched', async () => {
  await using folder = await newFolder();
  const target = join(folder.path, 'target');
  const line = '{"format":1,"turn":1,"messages":[]}\n';
  await writeFile(target, line);
  await symlink(target, join(folder.path, 'id-s.jsonl'));
  await symlink(target, join(folder.path, 'id-s.session'));
  const history = new FileHistory(folder.path);

  const attempts = await Promise.allSettled([
    history.load({ sessionId: 's' }),
    history.append({ sessionId: 's' }, turn('A'), 0),
    history.append({ sessionId: 's' }, turn('A'), 1),
    new FileSessions(folder.path).open('s', { owner: 'ann' }),
  ]);

  expect(attempts.map((attempt) => attempt.status === 'rejected' && attempt.reason.code)).toEqual([
    'history_corrupt',
    'history_corrupt',
    'history_corrupt',
    'history_corrupt',
  ]);
  expect(await readFile(target, 'utf8')).toBe(line);
});

test('a directory in the place of a file is refused', async () => {
  await using folder = await newFolder();
  await mkdir(join(folder.path, 'id-s.jsonl'));

  const load = new FileHistory(folder.path).load({ sessionId: 's' });

  await expect(load).rejects.toMatchObject({ code: 'history_corrupt', message: expect.stringContaining('id-s.jsonl') });
});

test.each([
  ['a line in the middle that is not JSON', ['A', 'x', 'C'], 'record 2 of session "s": it is not JSON'],
  ['a line in the middle that is gone', ['A', 'C'], 'holds 2 of 3 records'],
  ['a line that is there twice', ['A', 'B', 'B'], 'holds 3 of 2 records'],
  ['lines in another order', ['B', 'A', 'C'], 'record 1 of session "s" claims to be a different turn'],
  ['an empty line', ['A', '', 'C'], 'record 2 of session "s": it is not JSON'],
  ['a last line that is not JSON', ['A', 'B', 'x'], 'the last record of session "s": it is not JSON'],
])('%s is an error that says where', async (_what, order, problem) => {
  await using folder = await newFolder();
  const history = new FileHistory(folder.path);
  for (const [version, text] of ['A', 'B', 'C'].entries())
    await history.append({ sessionId: 's' }, turn(text), version);
  const file = join(folder.path, 'id-s.jsonl');
  const lines = (await readFile(file, 'utf8')).split('\n');
  await writeFile(file, order.map((line) => `${lines['ABC'.indexOf(line || '-')] ?? line}\n`).join(''));

  const load = history.load({ sessionId: 's' });

  await expect(load).rejects.toMatchObject({ code: 'history_corrupt', message: expect.stringContaining(problem) });
});

test('bytes that are no UTF-8 are an error and not replaced', async () => {
  await using folder = await newFolder();
  const history = new FileHistory(folder.path);
  await history.append({ sessionId: 's' }, turn('A'), 0);
  const file = join(folder.path, 'id-s.jsonl');
  const bytes = await readFile(file);
  bytes[bytes.indexOf('"A"') + 1] = 0xff;
  await writeFile(file, bytes);

  const load = history.load({ sessionId: 's' });

  await expect(load).rejects.toMatchObject({ code: 'history_corrupt', message: expect.stringContaining('UTF-8') });
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

test('a torn tail is set aside, before a truncate and after one', async () => {
  await using folder = await newFolder();
  const file = join(folder.path, 'id-s.jsonl');
  const tails: TornTail[] = [];
  const history = new FileHistory(folder.path, { onTornTail: (tail) => tails.push(tail) });
  for (const [version, text] of ['A', 'B'].entries()) await history.append({ sessionId: 's' }, turn(text), version);

  await appendFile(file, '{"format":1,"tu');
  await history.truncate({ sessionId: 's' }, 1, 2);
  await appendFile(file, '{"fo');
  await history.append({ sessionId: 's' }, turn('C'), 3);

  expect(tails.map(({ bytes }) => bytes)).toEqual([15, 4]);
  expect(await texts(history)).toEqual(['A', 'C']);
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
