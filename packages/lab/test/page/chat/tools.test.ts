// Tool calls in a real browser: what is shown of them, and the consent that some wait for.
import { describe, expect, test } from 'vitest';
import { hasBrowser } from '../../../../../scripts/browser.ts';
import { seenUntilDone } from '../../look.ts';
import { visitLab } from '../../rig.ts';

describe.skipIf(!hasBrowser)('the chat in chromium', { tags: ['browser'] }, () => {
  const visit = visitLab();

  test('L24 a tool call shows its name, what it was called with, and what came of it', async () => {
    const { answer, find, set } = visit();
    const shown = '{\n  "city": "Paris"\n}';

    await answer('What is the weather in Paris?');
    await set('full');
    await answer('What is the weather in Paris?');

    const cards = find('tool-card');
    expect(await cards.locator('summary b').allTextContents()).toEqual(['get_weather', 'get_weather']);
    expect(await cards.locator('pre').allTextContents()).toEqual([
      shown,
      '22 °C and sunny in Paris',
      shown,
      '22 °C and sunny in Paris',
    ]);
  });

  test('L24 the arguments of a call grow while the model writes them', async () => {
    const { ask, find, model } = visit();
    model.everyMs = 80;
    const seen = seenUntilDone(visit());

    await ask('What is the weather in Llanfairpwllgwyngyll?');
    const texts = [...new Set((await seen).flatMap(({ args }) => args ?? []))];

    expect(texts.length).toBeGreaterThanOrEqual(3);
    expect(texts.at(-1)).toBe('{\n  "city": "Llanfairpwllgwyngyll"\n}');
    const grown = texts.slice(0, -1).filter((text) => text !== '…');
    expect(grown.every((text) => '{"city":"Llanfairpwllgwyngyll"}'.startsWith(text))).toBe(true);
    expect(await find('tool-card').count()).toBe(1);
  });

  test('after a reload the calls of a turn are there, and a rejected one says so', async () => {
    const { answer, ask, find, page } = visit();
    await answer('What is the weather in Paris?');
    await ask('Send a postcard to Rome.');
    await find('reject').click();
    await expect.poll(async () => find('turn').count()).toBe(3);
    await visit().ended('done');

    await page.reload();
    await find('notice').waitFor();

    const cards = find('tool-card');
    await expect
      .poll(async () => cards.evaluateAll((all) => all.map((card) => (card as HTMLElement).dataset['status'])))
      .toEqual(['done', 'failed']);
    expect(await cards.locator('summary b').allTextContents()).toEqual(['get_weather', 'send_postcard']);
    expect(await cards.first().locator('pre').allTextContents()).toEqual([
      '{\n  "city": "Paris"\n}',
      '22 °C and sunny in Paris',
    ]);
  });

  test.for(['streaming', 'background'] as const)('%s: what was said before a consent shows once', async (mode) => {
    const { ask, find, page, set } = visit();
    await set(mode);
    await ask('Before you call a tool, say so. Send a postcard to Rome.');
    await find('consent').waitFor();
    const before = await find('answer').last().textContent();

    await page.reload();
    await find('consent').waitFor();
    const reloaded = await find('answer').allTextContents();
    await find('allow').click();
    await find('answer').filter({ hasText: 'on its way' }).waitFor();
    await visit().ended('done');

    expect(before).toBe('Let me look up Rome.');
    expect(reloaded).toEqual(['Let me look up Rome.']);
    expect((await find('answer').allTextContents()).join('').split('Let me look up Rome.')).toHaveLength(2);
  });

  test.for(['streaming', 'full', 'background'] as const)('%s: a call that needs consent waits for it', async (mode) => {
    const { ask, find, set } = visit();
    await set(mode);
    await ask('Send a postcard to Rome.');
    await find('consent').waitFor();
    const before = await find('tool-card').count();
    const asked = await find('consent').locator('pre').textContent();

    await find('allow').click();
    await find('answer').filter({ hasText: 'on its way to Rome' }).waitFor();
    await visit().ended('done');

    expect(before).toBe(0);
    expect(asked).toBe('{\n  "city": "Rome"\n}');
    expect(await find('consent').count()).toBe(0);
    await find('tool-card').filter({ hasText: 'The postcard is on its way to Rome.' }).waitFor();
  });

  test('a call that is rejected does not run', async () => {
    const { ask, find } = visit();
    await ask('Send a postcard to Rome.');

    await find('reject').click();
    await expect.poll(async () => find('turn').count()).toBe(2);
    await visit().ended('done');

    expect(await find('tool-card').last().getAttribute('data-status')).toBe('failed');
    expect(await find('answer').last().textContent()).not.toContain('on its way');
  });
});
