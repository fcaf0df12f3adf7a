// The lab for everybody: keyboard, phone, themes, languages, and what axe says to them.
import { describe, expect, test } from 'vitest';
import { axe } from '../../../../scripts/axe.ts';
import { hasBrowser } from '../../../../scripts/browser.ts';
import { lowTargets, sticksOut } from '../look.ts';
import { SLOWLY } from '../model.ts';
import { openPage, type Visit, visitLab } from '../rig.ts';

const QUESTION = 'What is Python?';

describe.skipIf(!hasBrowser)('the lab in chromium', { tags: ['browser'] }, () => {
  const visit = visitLab({ says: { 'מה זה': ['שפת ', 'תכנות.'] } });

  test('L31 and L35 nor in dark, and the chosen theme is there before the page is', async () => {
    const { answer, find, page } = visit();
    await find('theme').selectOption('dark');
    await answer(QUESTION);
    const violations = await axe(visit().page);

    await page.route('**/lab/main.ts', (route) => route.abort());
    await page.reload();
    const first = await page.evaluate(() => [document.documentElement.className, document.body.children.length]);
    await page.unrouteAll();
    await page.reload();
    await find('question').waitFor();

    expect(violations).toEqual([]);
    expect(first).toEqual(['dark', 0]);
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('dark');
    await find('theme').selectOption('system');
    visit().complaints.splice(0);
  });

  test('L35 forced colors: axe finds nothing, and new blocks differ by more than color', async () => {
    const { answer, find, page } = visit();
    await page.emulateMedia({ forcedColors: 'active' });
    await answer(QUESTION);

    const violations = await axe(visit().page);
    const width = await find('block')
      .first()
      .evaluate((block) => getComputedStyle(block).borderTopWidth);

    await page.emulateMedia({ forcedColors: null });
    expect(violations).toEqual([]);
    expect(width).toBe('3px');
  });

  test('L32 with the keyboard alone: choose, ask, stop, open a table, close it, and see where one is', async () => {
    const { find, page } = visit();
    await page.keyboard.press('Alt+3');
    const chosen = page.locator('input[name=mode]:checked');
    await expect.poll(async () => chosen.getAttribute('value')).toBe('background');
    await page.keyboard.press('Alt+2');
    await page.getByTestId('question').focus();

    await page.keyboard.type(`Write a report about Python${SLOWLY}`);
    await page.keyboard.press('Enter');
    await visit().turnIs('streaming');
    await page.keyboard.press('Escape');
    await visit().ended('stopped');
    await page.keyboard.press('Alt+c');
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const { outlineStyle } = getComputedStyle(document.activeElement ?? document.body);
      return [document.activeElement?.getAttribute('data-testid'), outlineStyle];
    });
    await page.keyboard.press('Enter');
    await find('table').waitFor();
    await page.keyboard.press('Escape');

    await find('table').waitFor({ state: 'detached' });
    expect(focused).toEqual(['table-clock', 'solid']);
  });

  test('the list of keys opens with a question mark, and not while one types', async () => {
    const { find, page, question } = visit();
    await question.pressSequentially('Why?');
    const whileTyping = await find('keys').count();

    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.keyboard.press('?');

    await find('keys').waitFor();
    expect(whileTyping).toBe(0);
    await page.keyboard.press('Escape');
  });

  test('L34 320 px wide: nothing sticks out, all parts can be reached, and targets are large enough', async () => {
    const { answer, find, page } = visit();
    await page.setViewportSize({ width: 320, height: 640 });
    await find('part-chat').click();
    await answer(QUESTION);
    const composer = await find('send').isVisible();
    const outside: string[] = [];
    const small: string[] = [];

    for (const part of ['setup', 'wire', 'stack', 'clock', 'chat']) {
      await find(`part-${part}`).click();
      if (await sticksOut(visit())) outside.push(part);
      expect(await visibleParts(visit())).toEqual([part]);
      small.push(...(await lowTargets(visit())));
    }
    for (const view of ['chat', 'grid', 'twin', 'break', 'bill', 'lab']) {
      await find(`view-${view}`).click();
      if (await sticksOut(visit())) outside.push(view);
      small.push(...(await lowTargets(visit())));
    }
    const violations = await axe(visit().page);

    expect(composer).toBe(true);
    expect(outside).toEqual([]);
    expect([...new Set(small)]).toEqual([]);
    expect(violations).toEqual([]);
  });

  test('L36 reduced motion: nothing moves by itself while an answer comes', async () => {
    const { ask, page } = visit();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await ask(`What is Python${SLOWLY}`);
    await visit().turnIs('streaming');

    const running = await page.evaluate(() => document.getAnimations().length);

    await page.emulateMedia({ reducedMotion: null });
    expect(running).toBe(0);
    await visit().ended();
  });

  test('L38 Enter that ends a composition does not send', async () => {
    const { find, question } = visit();
    await question.fill('にほん');

    await question.dispatchEvent('keydown', { key: 'Enter', isComposing: true });

    expect(await find('turn').count()).toBe(0);
    expect(await question.inputValue()).toBe('にほん');
  });

  test('L39 a Hebrew answer runs from right to left', async () => {
    const { answer, find } = visit();

    await answer('מה זה פייתון?');

    expect(await find('answer').last().textContent()).toBe('שפת תכנות.');
    expect(
      await find('answer')
        .last()
        .evaluate((node) => getComputedStyle(node).direction),
    ).toBe('rtl');
  });

  test('a tab without a token says which address to open', async () => {
    const { lab, page } = visit();
    await page.evaluate(() => sessionStorage.clear());

    await page.goto(lab.url);

    await page.getByRole('alert').filter({ hasText: 'Open the address that the lab printed' }).waitFor();
    expect(await page.locator('code').textContent()).toBe(`${lab.url}/#token=…`);
    await openPage(visit());
    visit().complaints.splice(0);
  });
});

/** Those of the lab that are on the screen. */
async function visibleParts({ page }: Visit): Promise<readonly string[]> {
  const places = { chat: '.chat', clock: '#clock', stack: '#stack', wire: '#wire', setup: '.setup' };
  const shown = await Promise.all(Object.values(places).map((place) => page.locator(place).isVisible()));
  return Object.keys(places).filter((_, index) => shown[index]);
}
