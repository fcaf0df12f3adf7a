// Files on a disk that keeps only what was synced: what was acknowledged is there, and what was not is not.
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AgentSession, type Message } from '@turnstream/core';
import { expect, test, vi } from 'vitest';
import { FileHistory, FileSessions } from '../src/file.ts';
import { newFolder } from './folder.ts';
import { watchedDisk } from './watched-disk.ts';

const turn = (text: string): readonly Message[] => [{ role: 'user', contents: text }];
const line = (number: number, text: string): string =>
  `{"format":1,"turn":${number},"messages":[{"role":"user","contents":"${text}"}]}\n`;

test('a turn that was acknowledged survives a power cut, and so does the name of its file', async () => {
  await using folder = await newFolder();
  const disk = await watchedDisk(folder.path);
  const history = new FileHistory(folder.path);

  await history.append({ sessionId: 's' }, turn('A'), 0);
  const afterTheFirst = disk.afterPowerCut();
  await history.append({ sessionId: 's' }, turn('B'), 1);
  const afterTheSecond = disk.afterPowerCut();

  expect(afterTheFirst).toEqual({ 'id-s.jsonl': line(1, 'A') });
  expect(afterTheSecond).toEqual({ 'id-s.jsonl': line(1, 'A') + line(2, 'B') });
});

test('a turn that could not be synced is taken back, and the next one has its number', async () => {
  await using folder = await newFolder();
  const { fileHandles } = await watchedDisk(folder.path);
  const history = new FileHistory(folder.path);
  await history.append({ sessionId: 's' }, turn('A'), 0);
  vi.spyOn(fileHandles, 'datasync').mockRejectedValueOnce(new Error('EIO'));

  const failing = history.append({ sessionId: 's' }, turn('never acknowledged'), 1);

  await expect(failing).rejects.toThrow('EIO');
  expect(await history.load({ sessionId: 's' })).toMatchObject({ turns: [turn('A')], version: 1 });
  expect(await history.append({ sessionId: 's' }, turn('B'), 1)).toEqual({ version: 2 });
});

test('a turn for which the disk had no room is taken back, and leaves no torn tail', async () => {
  await using folder = await newFolder();
  const { fileHandles } = await watchedDisk(folder.path);
  const onTornTail = vi.fn<() => void>();
  const history = new FileHistory(folder.path, { onTornTail });
  await history.append({ sessionId: 's' }, turn('A'), 0);
  const { write } = fileHandles;
  const full = async function (this: typeof fileHandles, bytes: Uint8Array, from: number, _: number, at: number) {
    await Reflect.apply(write, this, [bytes, from, 10, at]);
    throw new Error('ENOSPC');
  };
  vi.spyOn(fileHandles, 'write').mockImplementationOnce(full as never);

  const failing = history.append({ sessionId: 's' }, turn('B'), 1);

  await expect(failing).rejects.toThrow('ENOSPC');
  expect(await history.load({ sessionId: 's' })).toMatchObject({ turns: [turn('A')], version: 1 });
  expect(onTornTail).not.toHaveBeenCalled();
});

test('what was set aside of a torn tail survives a power cut, and is not in the history any more', async () => {
  await using folder = await newFolder();
  const disk = await watchedDisk(folder.path);
  const history = new FileHistory(folder.path, { onTornTail: () => {} });
  await history.append({ sessionId: 's' }, turn('A'), 0);
  await using other = await open(join(folder.path, 'id-s.jsonl'), 'a');
  await other.write('{"form');
  await other.sync();

  await history.load({ sessionId: 's' });

  expect(disk.afterPowerCut()).toEqual({ 'id-s.jsonl': line(1, 'A'), 'id-s.torn': '{"form' });
});

test('a session record is replaced as a whole: a reader keeps the old one, and the disk has the new one', async () => {
  await using folder = await newFolder();
  const disk = await watchedDisk(folder.path);
  const file = join(folder.path, 'id-s.session');
  const sessions = new FileSessions(folder.path);
  const session = new AgentSession({ sessionId: 's' });
  await sessions.save(session, { owner: 'ann' });
  const before = await readFile(file, 'utf8');
  await using reader = await open(file);
  session.state['color'] = 'teal';

  await sessions.save(session, { owner: 'ann' });

  expect(disk.afterPowerCut()).toEqual({ 'id-s.session': expect.stringContaining('teal') });
  expect(await reader.readFile('utf8')).toBe(before);
});

test('a power cut during a truncate leaves the old turns or the kept ones, and after it the kept ones', async () => {
  await using folder = await newFolder();
  const disk = await watchedDisk(folder.path);
  const history = new FileHistory(folder.path);
  for (const [version, text] of ['A', 'B', 'C'].entries())
    await history.append({ sessionId: 's' }, turn(text), version);
  const seen: unknown[] = [];
  disk.onSync(() => seen.push(disk.afterPowerCut()['id-s.jsonl']));

  await history.truncate({ sessionId: 's' }, 1, 3);

  const [before, after] = [
    line(1, 'A') + line(2, 'B') + line(3, 'C'),
    `${line(1, 'A')}{"format":1,"turn":1,"version":4}\n`,
  ];
  expect(seen).toEqual([before, before, before, after]);
  expect(disk.afterPowerCut()).toEqual({ 'id-s.jsonl': after });
  expect(await history.load({ sessionId: 's' })).toMatchObject({ turns: [turn('A')], version: 4 });
});

test.each(['writeFile', 'sync'] as const)(
  'a truncate whose %s fails leaves all turns and their version',
  async (step) => {
    await using folder = await newFolder();
    const { fileHandles } = await watchedDisk(folder.path);
    const history = new FileHistory(folder.path);
    for (const [version, text] of ['A', 'B'].entries()) await history.append({ sessionId: 's' }, turn(text), version);
    vi.spyOn(fileHandles, step).mockRejectedValueOnce(new Error('ENOSPC'));

    const failing = history.truncate({ sessionId: 's' }, 1, 2);

    await expect(failing).rejects.toThrow('ENOSPC');
    expect(await history.load({ sessionId: 's' })).toMatchObject({ turns: [turn('A'), turn('B')], version: 2 });
    expect(await history.truncate({ sessionId: 's' }, 1, 2)).toEqual({ version: 3 });
  },
);

test('what was forgotten does not come back with a power cut', async () => {
  await using folder = await newFolder();
  const disk = await watchedDisk(folder.path);
  const [history, sessions] = [new FileHistory(folder.path), new FileSessions(folder.path)];
  await history.append({ sessionId: 's' }, turn('A'), 0);
  await sessions.save(new AgentSession({ sessionId: 's' }), { owner: 'ann' });

  await sessions.delete('s', { owner: 'ann' });
  const afterDelete = disk.afterPowerCut();
  await history.clear({ sessionId: 's' });

  expect(Object.keys(afterDelete)).toEqual(['id-s.jsonl']);
  expect(disk.afterPowerCut()).toEqual({});
});
