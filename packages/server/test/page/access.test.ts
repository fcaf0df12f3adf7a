// The page for everybody: each state at each width, what axe says to it, and whether what asks for consent is in reach.
import { tool } from '@turnstream/core';
import { answer, callTool, reply, stallAfter } from '@turnstream/testkit';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { axe } from '../../../../scripts/axe.ts';
import { hasBrowser } from '../../../../scripts/browser.ts';
import { five, paying } from '../paying.ts';
import { openPageRig } from './page-rig.ts';
import { visit } from './view.ts';

const MARKDOWN = '# Title\n\nSome **bold** text.\n\n```ts\nlet a;\n```\n\n| n | fib |\n|--:|---|\n| 1 | 1 |\n';
const asks = answer([reply('I will pay. '), callTool('pay', [five], { callId: 'call_1' })]);
const weather = tool({ name: 'weather', description: 'The weather.', execute: () => 'Sunny.' });

const WIDE = { width: 1280, height: 800 };
const LOOKS = [
  [WIDE.width, WIDE.height, { colorScheme: 'light', forcedColors: 'none', reducedMotion: 'no-preference' }],
  [390, 844, { colorScheme: 'dark', forcedColors: 'none', reducedMotion: 'no-preference' }],
  [320, 640, { colorScheme: 'light', forcedColors: 'active', reducedMotion: 'reduce' }],
] as const;

describe.skipIf(!hasBrowser)('the page in chromium', { tags: ['browser'] }, () => {
  test('nothing is wrong with any state of the page, wide, narrow and dark, or small with forced colors', async () => {
    const { pay } = paying();
    const steps = [
      reply(MARKDOWN),
      callTool('weather', '{}', { callId: 'call_0' }),
      reply('Sunny.'),
      reply(['Half ', 'way'], { fault: stallAfter({ chunks: 1 }) }),
      asks,
    ];
    await using rig = await openPageRig({ steps, agent: { tools: [pay, weather] } });
    const { page, view } = await visit(rig);
    const found: Record<string, readonly string[]> = {};
    const look = (state: string): Promise<void> =>
      eachLook(page, async (width) => {
        found[`${state}, ${width} px`] = [...(await axe(page)), ...(await misplaced(page))];
      });
    const moving: number[] = [];

    await look('idle');
    await view.ask('Show me.');
    await view.done();
    await view.ask('Weather?');
    await view.done();
    await look('done');
    await view.ask('Tell me.');
    await view.answer('Half').waitFor();
    await eachLook(page, async () => void moving.push(await page.evaluate(() => document.getAnimations().length)));
    await view.button('Stop').click();
    await view.note('Stopped.').waitFor();
    await page.route('**/chat/stream', (route) => route.abort(), { times: 1 });
    await view.ask('And now?');
    await page.getByRole('alert').waitFor();
    await look('stopped and failed');
    await view.ask('Pay five euros.');
    await view.find('consent').waitFor();
    await view.find('edit').last().click();
    await look('consent, edited');
    await view.field.fill('x'.repeat(8_001));
    await view.find('length').filter({ hasText: 'shorten it by 1 character' }).waitFor();
    await look('too long');
    await view.find('conversations').dispatchEvent('click');
    await view.find('conversation-list').getByTestId('open').waitFor();
    await look('list');

    expect(Object.entries(found).filter(([, wrong]) => wrong.length > 0)).toEqual([]);
    expect(Object.keys(found)).toHaveLength(6 * LOOKS.length);
    expect(moving.map((count) => count === 0)).toEqual([false, false, true]);
  });

  test('at 320 px neither an edited question nor a long draft keeps the consent out of reach', async () => {
    const { pay } = paying();
    const long = 'Pay five euros, please. '.repeat(8);
    await using rig = await openPageRig({ steps: [asks], agent: { tools: [pay] } });
    const { page, view } = await visit(rig);
    await page.setViewportSize({ width: 320, height: 400 });
    await view.ask(long);
    await view.find('consent').waitFor();

    await view.find('edit').click();
    const edited = await inReach(view.find('consent'));
    const [form, consent] = await Promise.all([
      page.locator('.edit').boundingBox(),
      view.find('consent').boundingBox(),
    ]);
    await page.keyboard.press('Escape');
    await view.field.fill('A line.\n'.repeat(40));
    const drafted = await inReach(view.find('consent'));

    expect([edited, drafted]).toEqual([true, true]);
    expect(form!.y + form!.height).toBeLessThanOrEqual(consent!.y);
  });
});

/** Does the work in each of the looks, then restores the wide window and the default media settings. */
async function eachLook(page: Page, work: (width: number) => Promise<void>): Promise<void> {
  for (const [width, height, media] of LOOKS) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia(media);
    await work(width);
  }
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ colorScheme: null, forcedColors: null, reducedMotion: null });
}

/** Controls lower than a fingertip where there is no room for a mouse, and parts that stick out. */
async function misplaced(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const controls = [...document.querySelectorAll('button, textarea, input')].filter((each) => each.checkVisibility());
    const low = controls.filter((each) => innerWidth < 1100 && Math.round(each.getBoundingClientRect().height) < 44);
    const wide = [document.documentElement, ...document.querySelectorAll('.transcript')].filter(
      (each) => each.scrollWidth > each.clientWidth,
    );
    return [...low, ...wide].map((each) => `${each.tagName} ${each.className}`);
  });
}

/** Whether all of its words and buttons can be scrolled to where nothing covers them. */
async function inReach(consent: Locator): Promise<boolean> {
  return consent.locator('p, code, pre, button').evaluateAll((parts) =>
    parts.every((part) => {
      part.scrollIntoView({ block: 'center' });
      const { left, top, width, height } = part.getBoundingClientRect();
      return part.contains(document.elementFromPoint(left + width / 2, top + height / 2));
    }),
  );
}
