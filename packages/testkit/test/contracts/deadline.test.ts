import { expect, test } from 'vitest';
import { within } from '../../src/contracts/deadline.ts';

const never = Promise.withResolvers<never>().promise;

test('a deadline names what was waited for, and how to wait longer', async () => {
  const waiting = within(10)(never, 'the answer to end');

  await expect(waiting).rejects.toThrow(
    'Timed out after 10 ms waiting for the answer to end. On a slow machine, raise deadlineMs.',
  );
});

test('of several waits the latest one still pending is named', async () => {
  const [early, late] = [within(10), within(20)];
  const deep = Promise.race([early(never, 'the check'), early(never, 'what never comes')]);
  const shallow = Promise.race([late(never, 'the check'), late(Promise.resolve(), 'what came').then(() => never)]);

  await expect(deep).rejects.toThrow('waiting for what never comes.');
  await expect(shallow).rejects.toThrow('waiting for the check.');
});

test('a wait that begins after the deadline fails at once', async () => {
  const inTime = within(20);
  await expect(inTime(never, 'the first')).rejects.toThrow('the first');

  const race = Promise.race([within(20)(never, 'another'), inTime(never, 'the second')]);

  await expect(race).rejects.toThrow('Timed out after 20 ms waiting for the second.');
});

test('a promise that settles in time is passed through', async () => {
  const inTime = within(60_000);

  await expect(inTime(Promise.resolve('value'), 'it')).resolves.toBe('value');
  await expect(inTime(Promise.reject(new Error('its own')), 'it')).rejects.toThrow('its own');
});
