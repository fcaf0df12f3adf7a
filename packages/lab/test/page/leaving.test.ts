// A page that is reloaded or closed while an answer comes: a stream stops with it, and a background run does not.
import { describe, expect, test } from 'vitest';
import { hasBrowser } from '../../../../scripts/browser.ts';
import { callsOf, latestRun, modelIsClosed } from '../lab-calls.ts';
import { lastLane, lengthOfLast } from '../look.ts';
import { SLOWLY } from '../model.ts';
import { anotherTab, visitLab } from '../rig.ts';

const LONG = `Write a report about Python${SLOWLY}`;
/** Streams for longer than a test runs. */
const WORDS = `Say words${SLOWLY}`;
const WORDS_MS = 10_000;

describe.skipIf(!hasBrowser)('the lab in chromium', { tags: ['browser'] }, () => {
  const visit = visitLab({ says: { 'Say words': Array.from({ length: 400 }, (_, index) => `word ${index} `) } });

  test('L20, L21 after a reload a cut stream is shown and its model is stopped, and the background run is found and its end announced', async () => {
    const { ask, find, model, page, set } = visit();
    const [begun, cut] = [find('turn').first(), find('turn').last()];
    await set('background');
    await ask(WORDS);
    await visit().turnIs('working');
    await set('streaming', 'new');
    await ask(LONG);
    await expect.poll(() => lengthOfLast(visit())).toBeGreaterThan(20);

    await page.reload();

    await begun.and(page.locator('[data-state=working]')).waitFor();
    await cut.and(page.locator('[data-state=cut]')).waitFor();
    await page.getByRole('alert').filter({ hasText: 'reloaded while the answer was coming' }).waitFor();
    await expect.poll(async () => modelIsClosed(visit())).toBe(true);
    model.clock.advance(WORDS_MS);
    await find('badge').filter({ hasText: '1 new result' }).waitFor();
    expect(await begun.getAttribute('data-state')).toBe('done');
    expect(await find('answer').first().textContent()).toContain('word 399');
  });

  test('L22 a closed page stops a stream at the model, and leaves a background run alone', async () => {
    const { lab, model } = visit();
    const other = await anotherTab(visit());
    await other.set('background', 'new');
    await other.ask(WORDS);
    await other.turnIs('working');
    await other.set('streaming', 'new');
    await other.ask(LONG);
    await expect.poll(() => lengthOfLast(other)).toBeGreaterThan(20);
    const runId = await lastLane(other).getAttribute('data-run');
    const begun = await other.find('turn').first().getAttribute('data-state');

    await other.page.close();
    const closedAtMs = Date.now();

    await expect.poll(async () => (await callsOf(lab, runId ?? ''))[0]?.closedEarly).toBe(true);
    const [call] = await callsOf(lab, runId ?? '');
    expect((call?.endedAtMs ?? Infinity) - closedAtMs).toBeLessThan(1_000);
    expect(begun).toBe('working');
    model.clock.advance(WORDS_MS);
    await expect.poll(async () => latestRun(lab)).toMatchObject({ message: WORDS, state: 'completed' });
  });
});
