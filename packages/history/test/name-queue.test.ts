import { expect, test } from 'vitest';
import { NameQueue } from '../src/name-queue.ts';

test('a name is forgotten when its last work has ended, whether that failed or not', async () => {
  const queue = new NameQueue();
  const sizes: number[] = [];
  const work = async (): Promise<void> => {
    sizes.push(queue.size);
  };

  const outcomes = await Promise.allSettled([
    queue.run('a', work),
    queue.run('a', () => Promise.reject(new Error('failed'))),
    queue.run('a', work),
    queue.run('b', work),
  ]);

  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  expect(Math.max(...sizes)).toBe(2);
  expect(queue.size).toBe(0);
});

test('work that comes while others wait comes after them', async () => {
  const queue = new NameQueue();
  const gate = Promise.withResolvers<void>();
  const log: string[] = [];
  const first = queue.run('a', async () => log.push('first'));
  const second = queue.run('a', async () => {
    await gate.promise;
    log.push('second');
  });
  await first;

  const third = queue.run('a', async () => log.push('third'));
  gate.resolve();
  await Promise.all([second, third]);

  expect(log).toEqual(['first', 'second', 'third']);
});
