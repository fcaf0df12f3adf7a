// When wait() looks: how late an answer may be noticed, which docs/understand/three-modes.md states in numbers.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Agent } from '../../src/index.ts';
import { scriptedBackground } from '../scripted-background.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The moments of the looks in the first minute, in seconds. */
async function looksWithin(random: number, options: { readonly pollMs?: number } = {}): Promise<number[]> {
  vi.spyOn(Math, 'random').mockReturnValue(random);
  const client = scriptedBackground({ looks: ['in_progress'] });
  const run = await new Agent({ client }).runInBackground('Go');
  const startedAt = Date.now();
  const looks: number[] = [];
  const { get } = client.background!;
  client.background!.get = (...all) => (looks.push((Date.now() - startedAt) / 1000), get(...all));
  const stop = new AbortController();
  const waiting = run.wait({ ...options, signal: stop.signal });

  await vi.advanceTimersByTimeAsync(60_000);
  stop.abort(new Error('enough'));

  await expect(waiting).rejects.toThrow('enough');
  return looks;
}

test('wait looks after 1, 2.5, 4.75, 8.1, 13.2, 20.8 and 30.8 seconds, then every ten', async () => {
  const looks = await looksWithin(0);

  expect(looks.map((seconds) => Math.round(seconds * 100) / 100)).toEqual([
    0, 1, 2.5, 4.75, 8.13, 13.19, 20.78, 30.78, 40.78, 50.78,
  ]);
});

test.each([{}, { pollMs: 250 }])(
  'with %j an answer is noticed at most half its time and a second after it is there',
  async (options) => {
    const looks = await looksWithin(0, options);

    const lateness = looks.slice(1).map((look, index) => look - looks[index]! - looks[index]! / 2);
    expect(Math.max(...lateness)).toBeLessThanOrEqual(1.001);
  },
);

test('chance makes each pause up to a fifth longer', async () => {
  const [shortest, longest] = [await looksWithin(0), await looksWithin(1)];

  expect([shortest[1], longest[1]]).toEqual([1, 1.2]);
});
