// Break it, card by card: which guard fired, and whether the session kept the turn.
import { describe, expect, test } from 'vitest';
import { axe } from '../../../../scripts/axe.ts';
import { hasBrowser } from '../../../../scripts/browser.ts';
import { sticksOut } from '../look.ts';
import { openPage, visitLab } from '../rig.ts';

const GUARDS = { firstUpdateMs: 2_000, idleMs: 1_000, maxBytes: 60_000 };

describe.skipIf(!hasBrowser)('the lab in chromium', { tags: ['browser'] }, () => {
  const visit = visitLab({ everyMs: 60, lab: { guards: GUARDS } });

  test.for([
    ['slow', 'first word after', 'did not keep the turn', 'failed', ''],
    ['stall', 'silence after', 'did not keep the turn', 'failed', ''],
    ['cut', 'none fired', 'did not keep the turn', 'cut', ''],
    ['error', 'none fired', 'did not keep the turn', 'failed', ''],
    ['busy', 'none fired', 'kept the turn, once', 'done', 'asked again after'],
    ['flood', 'byte ceiling after', 'did not keep the turn', 'failed', ''],
    ['buffer', 'none fired', 'kept the turn, once', 'done', ''],
    ['crash', 'none fired', 'kept the turn, once', 'done', 'worker 1.* worker 2'],
    ['restart', 'none fired', 'kept the turn, once', 'done', 'worker 1.* worker 2'],
  ] as const)('fault %s: %s, the session %s', async ([fault, guard, session, state, events]) => {
    const { find } = visit();
    await find('view-break').click();

    await find(`break-${fault}`).click();

    const card = find(`card-${fault}`);
    const told = card.getByTestId('outcome');
    await told.waitFor();
    const facts = Object.fromEntries(
      await told
        .locator('div')
        .evaluateAll((all) => all.map((row) => [...row.children].map((part) => part.textContent))),
    ) as Record<string, string>;
    expect(facts['guard']).toContain(guard);
    expect(facts['session']).toBe(session);
    expect(facts['ended']).toMatch(new RegExp(`^${state} after [\\d.]+ m?s$`));
    expect(facts['events'] ?? '').toMatch(events === '' ? /^$/ : new RegExp(events));
    const [end, box] = await Promise.all([card.locator('.guard, .end').last().boundingBox(), card.boundingBox()]);
    expect(end!.x + end!.width).toBeLessThanOrEqual(box!.x + box!.width);
  });

  test('one fault at a time: the other cards wait, and the key that started it can start it again', async () => {
    const { find, page } = visit();
    await openPage(visit());
    await find('view-break').click();
    await find('break-cut').focus();

    await page.keyboard.press('Enter');
    const others = await find('break-slow').getAttribute('aria-disabled');
    await find('break-slow').dispatchEvent('click');
    await find('card-cut').getByTestId('outcome').waitFor();
    await page.setViewportSize({ width: 320, height: 640 });

    expect(others).toBe('true');
    expect(await find('card-slow').locator('svg').count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('break-cut');
    expect(await find('break-slow').getAttribute('aria-disabled')).toBeNull();
    expect(await sticksOut(visit())).toBe(false);
    expect(await axe(visit().page)).toEqual([]);
  });
});
