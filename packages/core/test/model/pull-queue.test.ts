import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { PullQueue } from '../../src/seams.ts';

interface Item {
  readonly number: number;
}

const item = (number: number): Item => ({ number });
const numberOf = ({ value }: IteratorResult<Item, undefined>): number | undefined => value?.number;
const DONE = { done: true, value: undefined };

test('pulls are answered in their order, whether they or the items came first', async () => {
  const steps = fc.array(fc.constantFrom('pull', 'push', 'turn'), { maxLength: 40 });

  await fc.assert(
    fc.asyncProperty(steps, async (order) => {
      const queue = new PullQueue<Item>();
      const pulls: Promise<IteratorResult<Item, undefined>>[] = [];
      let pushed = 0;

      for (const step of order) {
        if (step === 'pull') pulls.push(queue.next());
        else if (step === 'push') queue.push(item(pushed++));
        else await Promise.resolve();
      }
      queue.end();

      const expected = pulls.map((_, index) => (index < pushed ? index : undefined));
      expect((await Promise.all(pulls)).map(numberOf)).toEqual(expected);
    }),
  );
});

test('what was pushed before a failure is delivered before it, and every later pull throws the failure', async () => {
  const broken = new Error('broken');
  const queue = new PullQueue<Item>();
  queue.push(item(1));
  queue.fail(broken);

  const pulls = await Promise.allSettled([queue.next(), queue.next(), queue.next()]);

  expect(pulls).toEqual([
    { status: 'fulfilled', value: { done: false, value: item(1) } },
    { status: 'rejected', reason: broken },
    { status: 'rejected', reason: broken },
  ]);
});

test('pulls that wait for the same failure all throw it, and none after an end that follows it', async () => {
  const broken = new Error('broken');
  const queue = new PullQueue<Item>();
  const waiting = Promise.allSettled([queue.next(), queue.next()]);
  queue.fail(broken);

  expect((await waiting).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  queue.end();
  expect(await queue.next()).toEqual(DONE);
});

test('nothing is taken in after the end', async () => {
  const queue = new PullQueue<Item>();
  queue.end();
  queue.push(item(1));

  expect(queue.takeReady()).toBeNull();
  expect(await queue.next()).toEqual(DONE);
});

test('clear forgets what was not taken, and not that the queue has failed', async () => {
  const broken = new Error('broken');
  const queue = new PullQueue<Item>();
  queue.push(item(1));
  queue.fail(broken);

  queue.clear();

  expect(queue.isEmpty).toBe(true);
  await expect(queue.next()).rejects.toBe(broken);
});

test('an item is not taken out of turn while a pull waits or is chained after one that does', async () => {
  const queue = new PullQueue<Item>();
  const first = queue.next();
  const second = queue.next();

  queue.push(item(1));
  queue.push(item(2));

  expect(queue.takeReady()).toBeNull();
  expect([await first, await second].map(numberOf)).toEqual([1, 2]);
  queue.push(item(3));
  expect(queue.takeReady()).toEqual(item(3));
});

test('the source is asked for ready items, and gets a pull only when there are none', async () => {
  const ready = [item(1), item(2)];
  let wanted = 0;
  const queue = new PullQueue<Item>({ takeReady: () => ready.shift() ?? null, wanted: () => (wanted += 1) });

  const taken = [await queue.next(), await queue.next()].map(numberOf);
  const waiting = queue.next();
  queue.end();

  expect(taken).toEqual([1, 2]);
  expect(wanted).toBe(1);
  expect(await waiting).toEqual(DONE);
});
