// The chat for everybody: what axe says to each of its states at 320 px.
import { describe, expect, test } from 'vitest';
import { axe } from '../../../../../scripts/axe.ts';
import { hasBrowser } from '../../../../../scripts/browser.ts';
import { lowTargets } from '../../look.ts';
import { visitLab } from '../../rig.ts';

describe.skipIf(!hasBrowser)('the chat in chromium', { tags: ['browser'] }, () => {
  const visit = visitLab({
    says: {
      'Say markdown': [
        '# Title\n\nSome **bold** text and `code`.\n\n```ts\nlet a;\n```\n\n| n | fib |\n|--:|---|\n| 1 | 1 |\n\n> [quoted](https://example.org)',
      ],
    },
  });

  test('axe finds nothing while the chat shows Markdown, asks for consent, is edited, lists, or has too much', async () => {
    const { answer, ask, find, page, question } = visit();
    const found: Record<string, readonly string[]> = {};
    await page.setViewportSize({ width: 320, height: 640 });
    await answer('Say markdown');
    found['Markdown'] = await axe(visit().page);
    await page.emulateMedia({ colorScheme: 'dark' });
    await ask('Send a postcard to Rome.');
    await find('consent').waitFor();
    found['consent, dark'] = await axe(visit().page);
    const low = [...(await lowTargets(visit()))];
    await find('edit').last().click();
    found['editing'] = await axe(visit().page);
    await page.emulateMedia({ forcedColors: 'active' });
    await question.fill('x'.repeat(100_001));
    found['too long, forced colors'] = await axe(visit().page);
    await find('conversations').click();
    await find('rename').first().click();
    low.push(...(await lowTargets(visit())));
    found['list'] = await axe(visit().page);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.emulateMedia({ colorScheme: null, forcedColors: null });

    expect(Object.entries(found).filter(([, violations]) => violations.length > 0)).toEqual([]);
    expect([low, sideways]).toEqual([[], false]);
  });
});
