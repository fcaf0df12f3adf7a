// Tool calls in a real browser: what is shown of them, and the consent that some wait for.
import { describe, expect, test } from 'vitest';
import { hasBrowser, visitLab } from '../../rig.ts';

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
