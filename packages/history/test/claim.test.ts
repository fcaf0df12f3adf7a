import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { withClaim } from '../src/claim.ts';
import { newFolder } from './folder.ts';

const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 16);
const startedAtMs = Math.round(Date.now() - process.uptime() * 1_000);

/** Puts down a claim as another writer would. */
async function claim(directory: string, ...parts: (string | number)[]): Promise<string> {
  const file = join(directory, '.claims', [...parts, 'x'].join('.'));
  await mkdir(join(directory, '.claims'), { recursive: true });
  await writeFile(file, '');
  return file;
}

test('work on one name is done in the order it was asked for, one at a time, whether it fails or not', async () => {
  await using folder = await newFolder();
  const log: string[] = [];
  const work = (name: string) => async (): Promise<string> => {
    log.push(`${name} begins`);
    await new Promise(setImmediate);
    log.push(`${name} ends`);
    if (name === 'b') throw new Error('b failed');
    return name;
  };

  const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((name) => withClaim(folder.path, 'id-s', work(name))));

  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  expect(outcomes).toMatchObject([{ value: 'a' }, { reason: new Error('b failed') }, { value: 'c' }]);
  expect(await readdir(join(folder.path, '.claims'))).toEqual([]);
});

test('the claim of a process that is gone is swept away', async () => {
  await using folder = await newFolder();
  const gone = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(gone, 'close');
  await claim(folder.path, 'id-s', host, gone.pid!, startedAtMs);

  const done = await withClaim(folder.path, 'id-s', async () => 'done');

  expect(done).toBe('done');
  expect(await readdir(join(folder.path, '.claims'))).toEqual([]);
});

test('a claim of this process id from before its start is swept away: a container starts with the same id each time', async () => {
  await using folder = await newFolder();
  await claim(folder.path, 'id-s', host, process.pid, startedAtMs - 60_000);

  const done = await withClaim(folder.path, 'id-s', async () => 'done');

  expect(done).toBe('done');
});

test.each([
  ['a process that lives', host, process.ppid],
  ['another thread of this process', host, process.pid],
  ['another machine', 'f'.repeat(16), 4_194_999],
])('the claim of %s is waited for, and then refused with the file to look at', async (_who, machine, pid) => {
  await using folder = await newFolder();
  const file = await claim(folder.path, 'id-s', machine, pid, startedAtMs);
  const work = vi.fn<() => Promise<void>>();
  const now = vi.spyOn(performance, 'now').mockReturnValueOnce(-5_001);

  const refused = withClaim(folder.path, 'id-s', work);

  await expect(refused).rejects.toMatchObject({ code: 'session_busy', message: expect.stringContaining(file) });
  expect(work).not.toHaveBeenCalled();
  expect(now).toHaveBeenCalled();
  expect(await readdir(join(folder.path, '.claims'))).toHaveLength(1);
});

test('a clock that is set forward does not shorten the wait', async () => {
  await using folder = await newFolder();
  const file = await claim(folder.path, 'id-s', 'f'.repeat(16), 1, startedAtMs);
  vi.spyOn(Date, 'now').mockReturnValueOnce(0);

  const waiting = withClaim(folder.path, 'id-s', async () => 'done');
  await vi.waitUntil(async () => (await readdir(join(folder.path, '.claims'))).length > 1, {
    interval: 1,
    timeout: 60_000,
  });
  await rm(file);

  expect(await waiting).toBe('done');
});

test('a claim on another name is nothing to wait for', async () => {
  await using folder = await newFolder();
  await claim(folder.path, 'id-s2', host, process.ppid, startedAtMs);

  const done = await withClaim(folder.path, 'id-s', async () => 'done');

  expect(done).toBe('done');
});

test('writers that know one directory by two paths take turns', async () => {
  await using folder = await newFolder();
  const [directory, link] = [join(folder.path, 'sessions'), join(folder.path, 'link')];
  await mkdir(directory);
  await symlink(directory, link);
  const [begun, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const log: string[] = [];

  const first = withClaim(directory, 'id-s', async () => {
    begun.resolve();
    await goOn.promise;
    log.push('first');
  });
  await begun.promise;
  const second = withClaim(link, 'id-s', async () => void log.push('second'));
  const claims = new Set<string>();
  const look = async (): Promise<number> => {
    for (const file of await readdir(join(directory, '.claims'))) claims.add(file);
    return claims.size;
  };
  // The claim at work, and two of the other: it has been refused at least once.
  await expect.poll(look, { interval: 1 }).toBeGreaterThan(2);
  goOn.resolve();
  await Promise.all([first, second]);

  expect(log).toEqual(['first', 'second']);
});
