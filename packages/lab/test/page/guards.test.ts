// What ends an answer that does not end by itself: the guard is named, and an alert says why.
import { describe, expect, test } from 'vitest';
import { hasBrowser } from '../../../../scripts/browser.ts';
import { lastLane, tableOf } from '../look.ts';
import { SLOWLY } from '../model.ts';
import { visitLab } from '../rig.ts';

const QUESTION = 'What is Python?';

describe.skipIf(!hasBrowser)('the lab in chromium', { tags: ['browser'] }, () => {
  const visit = visitLab({ lab: { guards: { firstUpdateMs: 1_500, idleMs: 300, totalMs: 2_500 } } });

  test('L13 silence in mid-answer: the guard that ends it is named, and an alert says why', async () => {
    const { answer, find, page } = visit();
    await page.selectOption('#fault', 'stall');

    await answer(QUESTION);

    const rows = await tableOf(visit(), 'clock');
    // By its name: a busy page may have the last update later than the server gave the answer up.
    const [what, firedAt] = rows.find(([row]) => row?.startsWith('update') === false && row.includes(' after ')) ?? [];
    const lastUpdateAt = rows.findLast(([row]) => row?.startsWith('update') === true)?.[2];
    const silentMs = inMs(firedAt) - inMs(lastUpdateAt);
    expect(what).toMatch(/^silence after \d+ ms$/);
    expect(silentMs).toBeGreaterThanOrEqual(290);
    expect(silentMs).toBeLessThan(800);
    expect(await page.getByRole('alert').textContent()).toContain('fell silent');
    expect(await find('turn').last().getAttribute('data-state')).toBe('failed');
  });

  test('an answer that goes on for too long ends by the wall clock, and no tick comes after it', async () => {
    const { answer, find } = visit();

    await answer(`Write a report about Python${SLOWLY}`);

    const rows = await tableOf(visit(), 'clock');
    const ticks = rows.filter(([what]) => what?.startsWith('update') === true);
    const firedAt = inMs(
      (await lastLane(visit()).getByTestId('guard').textContent())?.replace('wall clock after ', ''),
    );
    // The page counts from when it hears of the answer, which the server began a little earlier.
    expect(Math.abs(firedAt - 2_500)).toBeLessThan(500);
    expect(ticks.length).toBeGreaterThan(10);
    expect(ticks.length).toBeLessThan(217);
    expect(await find('turn').last().getAttribute('data-state')).toBe('failed');
  });

  test.for([
    ['slow', 'first word', 'failed'],
    ['flood', 'byte ceiling', 'failed'],
  ] as const)('L14 fault %s: the guard is %s', async ([fault, name, state]) => {
    const { answer, find, page } = visit();
    await page.selectOption('#fault', fault);

    await answer(QUESTION);

    expect(await lastLane(visit()).getByTestId('guard').textContent()).toMatch(new RegExp(`^${name} after`));
    expect(await find('turn').last().getAttribute('data-state')).toBe(state);
    expect((await find('answer').last().textContent())?.length).toBeLessThanOrEqual(60_000);
  });
});

/** Of "1200 ms". */
function inMs(told = ''): number {
  return Number(told.replace(/ ms$/, ''));
}
