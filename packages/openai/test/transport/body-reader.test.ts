// The reader of a body of node:http: what it holds back, and how it ends.
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { BodyReader } from '../../src/transport/body-reader.ts';

const KIB = 1024;
const DONE = { done: true, value: undefined };

const source = (): Readable => new Readable({ highWaterMark: 1024 * KIB, read() {} });
const chunk = (kib: number): Buffer => Buffer.alloc(kib * KIB);

test('a sender is held up while 64 KiB wait to be read, and goes on below that', async () => {
  const body = source();
  const reader = new BodyReader(body, undefined);
  const held: boolean[] = [];
  const pushed = async (kib: number): Promise<void> => {
    body.push(chunk(kib));
    await setImmediate();
    held.push(body.isPaused());
  };

  for (const kib of [63, 1, 16]) await pushed(kib);
  const first = await reader.read();
  held.push(body.isPaused());
  await setImmediate();
  const rest = [await reader.read(), await reader.read()];

  expect(held).toEqual([false, true, true, false]);
  expect([first, ...rest].map(({ value }) => value?.length)).toEqual([63 * KIB, KIB, 16 * KIB]);
});

test('a sender that is held up stays so while what is left is still 64 KiB', async () => {
  const body = source();
  const reader = new BodyReader(body, undefined);
  for (const kib of [60, 64]) body.push(chunk(kib));
  await setImmediate();
  const held: boolean[] = [];

  for (let reads = 0; reads < 2; reads += 1) {
    await reader.read();
    held.push(body.isPaused());
  }

  expect(held).toEqual([true, false]);
});

test('a chunk for a pending read does not count towards the buffered bytes', async () => {
  const body = source();
  const reader = new BodyReader(body, undefined);

  for (let reads = 0; reads < 3; reads += 1) {
    const waiting = reader.read();
    body.push(chunk(64));
    expect((await waiting).value).toHaveLength(64 * KIB);
  }

  expect(body.isPaused()).toBe(false);
});

test('a body that is over says so to the read that waits and to every later one', async () => {
  const body = source();
  const reader = new BodyReader(body, undefined);
  const waiting = reader.read();

  body.push(null);

  expect([await waiting, await reader.read(), await reader.read()]).toEqual([DONE, DONE, DONE]);
});

test.each<[string, (body: Readable) => void, object]>([
  ['with an error', (body) => void body.destroy(new Error('reset')), { message: 'reset' }],
  ['without a word', (body) => void body.destroy(), { message: 'the connection was closed' }],
])('a body that breaks off %s fails the read that waits and every later one', async (_, breakOff, cause) => {
  const body = source();
  const reader = new BodyReader(body, undefined);
  const waiting = reader.read();

  breakOff(body);

  const failure = { name: 'TypeError', message: 'terminated', cause };
  await expect(waiting).rejects.toMatchObject(failure);
  await expect(reader.read()).rejects.toMatchObject(failure);
});

test('what came before a body broke off can be read', async () => {
  const body = source();
  const reader = new BodyReader(body, undefined);
  body.push('half');
  await setImmediate();

  body.destroy(new Error('reset'));
  await setImmediate();

  expect(await reader.read()).toEqual({ done: false, value: Buffer.from('half') });
  await expect(reader.read()).rejects.toMatchObject({ message: 'terminated' });
});

test('a body that breaks off after an abort fails with the reason of that', async () => {
  const body = source();
  const reader = new BodyReader(body, AbortSignal.abort('enough'));
  const waiting = reader.read();

  body.destroy(new Error('aborted'));

  await expect(waiting).rejects.toBe('enough');
});

test('leaving a body closes it, drops what came, and is no failure', async () => {
  const body = source();
  const reader = new BodyReader(body, undefined);
  body.push('half');
  await setImmediate();

  await reader.cancel();
  body.emit('error', new Error('reset'));
  await setImmediate();

  expect(body.destroyed).toBe(true);
  expect([await reader.read(), await reader.read()]).toEqual([DONE, DONE]);
});

test('leaving a body ends the read that waits', async () => {
  const reader = new BodyReader(source(), undefined);
  const waiting = reader.read();

  await reader.cancel();

  expect(await waiting).toEqual(DONE);
});
