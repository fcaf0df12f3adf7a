// A page that is reloaded or closed while an answer comes: a stream stops with it, and a background run does not.
import { describe, expect, test } from 'vitest';
import { callsOf, latestRun, modelIsClosed } from '../lab-calls.ts';
import { lastLane, lengthOfLast } from '../look.ts';
import { SLOWLY } from '../model.ts';
import { anotherTab, hasBrowser, visitLab } from '../rig.ts';

const LONG = `Write a report about Python${SLOWLY}`;
const RUBY = `What is Ruby${SLOWLY}`;

describe.skipIf(!hasBrowser)('the lab in chromium', { tags: ['browser'] }, () => {
  const visit = visitLab({ says: { 'Say ten': Array.from({ length: 200 }, (_, index) => `word ${index} `) } });

  test('L20 a reload during a background run finds the same run, and later the news', async () => {
    const { ask, find, page, set } = visit();
    await set('background');
    await ask(`Say ten${SLOWLY}`);
    await visit().turnIs('working');

    await page.reload();

    await visit().turnIs('working');
    await find('badge').filter({ hasText: '1 new result' }).waitFor();
    expect(await find('turn').last().getAttribute('data-state')).toBe('done');
    expect(await find('answer').last().textContent()).toContain('word 199');
  });

  test('L21 a reload during a stream shows the turn as cut, and the model has stopped', async () => {
    const { ask, page } = visit();
    await ask(LONG);
    await expect.poll(() => lengthOfLast(visit())).toBeGreaterThan(20);

    await page.reload();

    await visit().turnIs('cut');
    await page.getByRole('alert').filter({ hasText: 'reloaded while the answer was coming' }).waitFor();
    await expect.poll(async () => modelIsClosed(visit())).toBe(true);
  });

  test('L22 a closed page stops a stream at the model', async () => {
    const { lab } = visit();
    const other = await anotherTab(visit());
    await other.ask(LONG);
    await expect.poll(() => lengthOfLast(other)).toBeGreaterThan(20);
    const runId = await lastLane(other).getAttribute('data-run');

    await other.page.close();
    const closedAtMs = Date.now();

    await expect.poll(async () => (await callsOf(lab, runId ?? ''))[0]?.closedEarly).toBe(true);
    const [call] = await callsOf(lab, runId ?? '');
    expect((call?.endedAtMs ?? Infinity) - closedAtMs).toBeLessThan(1_000);
  });

  test('L22 a closed page leaves a background run alone', async () => {
    const { lab } = visit();
    const other = await anotherTab(visit());
    await other.set('background');
    await other.ask(RUBY);
    await other.turnIs('working');

    await other.page.close();

    await expect.poll(async () => latestRun(lab)).toMatchObject({ message: RUBY, state: 'completed' });
  });
});
