// Files that a crash, another program or a stranger left behind: what is set aside, what is refused.
import { appendFile, mkdir, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { FileHistory, FileSessions, type TornTail } from '../src/file.ts';
import { texts, turn } from './file-turns.ts';
import { newFolder } from './folder.ts';

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
