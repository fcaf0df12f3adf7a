// The transcript in a real browser: where it stands while answers come.
import { describe, expect, test } from 'vitest';
import { hasBrowser } from '../../../../../scripts/browser.ts';
import { lengthOfLast } from '../../look.ts';
import { SLOWLY } from '../../model.ts';
import { type Visit, visitLab } from '../../rig.ts';

const PARAGRAPH = `${'A few words of an answer. '.repeat(8)}\n\n`;
/** Longer than any window, and slowly it takes longer than a test needs. */
const PAGES = `Say pages${SLOWLY}`;

describe.skipIf(!hasBrowser)('the chat in chromium', { tags: ['browser'] }, () => {
  const visit = visitLab({ says: { 'Say much': Array(6).fill(PARAGRAPH), 'Say pages': Array(400).fill(PARAGRAPH) } });

  test('the end stays in view through answers longer than the window, at 1280 and at 390 px', async () => {
    const { answer, page, set } = visit();
    const distances: number[] = [];
    for (const [width, height] of [[1280, 800] as const, [390, 844] as const]) {
      await page.setViewportSize({ width, height });
      for (const question of ['Say much.', 'What is Rust?', 'What is Go?', 'What is Python?']) {
        await answer(question);
        distances.push(await distance(visit()));
      }
    }
    await set('background');
    await answer('What is Rust?');
    distances.push(await distance(visit()));

    expect(distances).toEqual(Array(9).fill(0));
    expect(await scrolls(visit())).toBe(true);
  });

  test('the question stays in view while its long answer comes', async () => {
    const { ask, page, find } = visit();
    await page.setViewportSize({ width: 390, height: 560 });
    await ask(PAGES);

    await expect.poll(() => scrolls(visit())).toBe(true);
    const [question, log] = await Promise.all([find('asked').last().boundingBox(), find('transcript').boundingBox()]);

    expect(question!.y).toBeGreaterThanOrEqual(log!.y);
    expect(await distance(visit())).toBe(0);
    await page.keyboard.press('Escape');
    await visit().ended('stopped');
  });

  test('L37 scrolled up, the place does not move; the button leads back, and it follows again', async () => {
    const { ask, find, page } = visit();
    await page.setViewportSize({ width: 1280, height: 500 });
    await ask(PAGES);
    const log = find('transcript');
    await expect.poll(async () => log.evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(400);

    await log.hover();
    await page.mouse.wheel(0, -300);
    await find('to-end').waitFor();
    const before = await log.evaluate(({ scrollTop }) => scrollTop);
    await grown(visit());
    const after = await log.evaluate(({ scrollTop }) => scrollTop);
    await find('to-end').click();
    await grown(visit());
    const followed = await distance(visit());
    await page.keyboard.press('Escape');
    await visit().ended('stopped');

    expect(after).toBe(before);
    expect(followed).toBe(0);
    expect(await distance(visit())).toBe(0);
    expect(await find('to-end').isVisible()).toBe(false);
  });
});

/** Some more of the answer came. */
async function grown(visit: Visit): Promise<void> {
  const length = await lengthOfLast(visit);
  await expect.poll(() => lengthOfLast(visit)).toBeGreaterThan(length + PARAGRAPH.length);
}

/** The distance of the transcript from its end, in pixels, once the next frames are painted. */
async function distance({ page }: Visit): Promise<number> {
  return page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
    await new Promise((resolve) => setTimeout(resolve));
    const { scrollHeight, scrollTop, clientHeight } = document.querySelector('[data-testid=transcript]')!;
    return Math.round(scrollHeight - scrollTop - clientHeight);
  });
}

async function scrolls({ find }: Visit): Promise<boolean> {
  return find('transcript').evaluate(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight);
}
