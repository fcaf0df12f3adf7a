// What ends an answer that does not end by itself: the guard is named, and an alert says why.
import { describe, expect, test } from 'vitest';
import { lastLane } from '../look.ts';
import { hasBrowser, visitLab } from '../rig.ts';

const QUESTION = 'What is Python?';

describe.skipIf(!hasBrowser)('the lab in chromium', { tags: ['browser'] }, () => {
  const visit = visitLab({ lab: { guards: { firstUpdateMs: 1_500, idleMs: 300 } } });

  test('L13 silence in mid-answer: the guard that ends it is named, and an alert says why', async () => {
    const { answer, find, page } = visit();
    await page.selectOption('#fault', 'stall');

    await answer(QUESTION);

    const guard = await lastLane(visit()).getByTestId('guard').textContent();
    expect(Number(/^silence after (\d+) ms$/.exec(guard ?? '')?.[1])).toBeGreaterThanOrEqual(300);
    expect(await page.getByRole('alert').textContent()).toContain('fell silent');
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
