// Prove it and Twin run, in a real browser: the facts hold.
import { describe, expect, test } from 'vitest';
import { hasBrowser } from '../../../../scripts/browser.ts';
import { visitLab } from '../rig.ts';

describe.skipIf(!hasBrowser)('the lab in chromium', { tags: ['browser'] }, () => {
  const visit = visitLab({ everyMs: 10, says: { 'Say ten': '0 1 2 3 4 5 6 7 8 9'.split(' ') } });

  test('L08 nine cells are filled, and both facts hold in three of three', async () => {
    const { find } = visit();
    await find('view-grid').click();

    await find('prove').click();

    await find('row-fact').filter({ hasText: 'Holds in 3 of 3 rows.' }).waitFor();
    await find('column-fact').filter({ hasText: 'Holds in 3 of 3 columns.' }).waitFor();
    await expect.poll(async () => find('cell').and(visit().page.locator('[data-state=done]')).count()).toBe(9);
  });

  test('L04 twin run: one axis, the same total, and another first word', async () => {
    const { find, model } = visit();
    // A busy machine is late with each piece, so there are few, far apart.
    model.everyMs = 250;
    await find('view-twin').click();
    await find('twin-question').fill('Say ten.');

    await find('twin-run').click();

    await find('twin-said').filter({ hasText: 'times as long' }).waitFor();
    const lanes = visit().page.locator('#twin [data-testid=lane]');
    // The lanes are drawn in a later frame.
    await expect.poll(() => lanes.locator('svg[aria-label*="ms in all"]').count()).toBe(2);
    const labels = await lanes
      .locator('svg')
      .evaluateAll((all) => all.map((lane) => lane.getAttribute('aria-label') ?? ''));
    const begins = await lanes.getByTestId('connection').evaluateAll((all) => all.map((bar) => bar.getAttribute('x')));
    const [streaming, full] = labels.map((label) => ({
      first: Number(/first word after (\d+) ms/.exec(label)?.[1]),
      total: Number(/(\d+) ms in all/.exec(label)?.[1]),
    }));
    expect(full!.first / streaming!.first).toBeGreaterThan(3);
    expect(Math.abs(full!.total / streaming!.total - 1)).toBeLessThan(0.15);
    expect(begins[0]).toBe(begins[1]);
  });
});
