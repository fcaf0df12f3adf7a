// The site as readers get it: built, served below a path, in a real browser.
import type { Locator } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { axe } from '../../../scripts/axe.ts';
import { builtSite, hasBrowser } from './site.ts';

const SMALLEST = 'chapters/03-streaming-and-multiturn.html';

describe.skipIf(!hasBrowser)('the site in chromium', { tags: ['browser'] }, () => {
  const site = builtSite();

  test('it builds without a broken link, a name without a description, or anything from another origin', () => {
    expect(site().build).toEqual({
      status: 0,
      lines: [
        'site: 0 problems; static files for /turnstream/ in packages/site/dist',
        'To look at it: npx -y pnpm@12 site --serve',
      ],
    });
  });

  test('every Run button runs its program to its end', async () => {
    const outcomes = await Promise.all(
      [...site().runnable.keys()].map(async (path) => {
        const page = await site().open(path);
        const ends: string[] = [];
        for (const snippet of await page.getByTestId('runnable').all()) ends.push(await outcomeOf(snippet));
        await page.close();
        return [path, ends] as const;
      }),
    );

    const failed = outcomes.filter(([, ends]) => ends.some((end) => !/^done: .*\w/s.test(end)));
    expect(failed).toEqual([]);
    expect(outcomes.flatMap(([, ends]) => ends).length).toBeGreaterThanOrEqual(12);
  });

  test('every diagram is drawn', async () => {
    const page = await site().open('');
    const front = page.url();
    const drawn = new Map<string, number>();
    for (const [path, count] of site().diagrams) {
      await page.goto(front + path);
      await page
        .locator('.diagram svg')
        .nth(count - 1)
        .waitFor({ timeout: 20_000 })
        .catch(() => {});
      drawn.set(path, await page.locator('.diagram svg').count());
    }
    await page.close();

    expect(drawn).toEqual(site().diagrams);
  });

  test('an answer appears word by word', async () => {
    const page = await site().open(SMALLEST);
    const snippet = page.getByTestId('runnable').first();
    await page.evaluate(watchOutput);

    await outcomeOf(snippet);

    const lengths = await page.evaluate(() => (globalThis as unknown as { lengths: number[] }).lengths);
    expect(new Set(lengths).size).toBeGreaterThan(8);
    expect(lengths).toEqual(lengths.toSorted((one, other) => one - other));
    await page.close();
  });

  test('edited code runs, its error is shown with its line, and Reset brings the original back', async () => {
    const page = await site().open(SMALLEST);
    const snippet = page.getByTestId('runnable').first();
    await snippet.getByTestId('edit').click();
    const editor = snippet.getByRole('textbox');
    const original = await editor.inputValue();

    await editor.fill("const year: number = 1991;\nconsole.log('in', year);\nmissing();");
    await editor.press('Control+Enter');
    await ended(snippet);
    const output = await snippet.getByTestId('output').textContent();
    await snippet.getByTestId('reset').click();
    await snippet.getByTestId('edit').click();

    expect(output).toBe('in 1991\nReferenceError: missing is not defined\nat line 3 of smallest.ts\n');
    expect(await editor.inputValue()).toBe(original);
    await page.close();
  });

  test('Stop ends a program that would run forever, and a typing error is named', async () => {
    const page = await site().open(SMALLEST);
    const snippet = page.getByTestId('runnable').first();
    await snippet.getByTestId('edit').click();
    const editor = snippet.getByRole('textbox');

    await editor.fill("console.log('started');\nfor (;;);");
    await snippet.getByTestId('run').click();
    await snippet.getByTestId('output').filter({ hasText: 'started' }).waitFor();
    await snippet.getByTestId('stop').click();
    await expect.poll(() => snippet.getAttribute('data-state')).toBe('stopped');
    await editor.fill('const = 1;');
    await snippet.getByTestId('run').click();
    await ended(snippet);

    expect(await snippet.getByTestId('output').textContent()).toMatch(/^SyntaxError: smallest\.ts: .*\(1:7\)\n$/);
    await page.close();
  });

  test.each([
    ['light', false, 1280],
    ['dark', true, 1280],
    ['light on a phone', false, 390],
  ])('axe finds nothing on any kind of page: %s', async (_name, dark, width) => {
    const found = new Map<string, readonly string[]>();
    for (const path of ['', SMALLEST, 'recipes/', 'reference/errors.html', 'api/', 'api/core/Agent.html', '404.html']) {
      const page = await site().open(path, { dark, width });
      if (path === SMALLEST) {
        await page.locator('.diagram svg').first().waitFor({ timeout: 60_000 });
        await outcomeOf(page.getByTestId('runnable').first());
      }
      found.set(path, await axe(page));
      await page.close();
    }

    expect([...found].filter(([, violations]) => violations.length > 0)).toEqual([]);
  });

  test('the search finds a chapter and a public name', async () => {
    const page = await site().open('');
    const found = async (text: string): Promise<(string | null)[]> => {
      await page.locator('#localsearch-input').fill(text);
      await page.locator('.result').filter({ hasText: text }).first().waitFor();
      return page.locator('.result').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    };

    await page.keyboard.press('Control+k');
    const names = await found('ResponseStream');
    const chapters = await found('Recap');

    expect(names).toContainEqual(expect.stringContaining('/api/core/ResponseStream.html'));
    expect(chapters).toContainEqual(expect.stringMatching(/chapters\/.*#recap$/));
    await page.close();
  });

  test('no page asked another origin for anything or complained', () => {
    // The page that is not there is reported by the browser.
    expect(site().complaints.filter((complaint) => !complaint.includes('status of 404'))).toEqual([]);
  });
});

/** Presses Run and waits for the end: `done: what it wrote`. */
async function outcomeOf(snippet: Locator): Promise<string> {
  await snippet.getByTestId('run').click();
  await ended(snippet);
  return `${await snippet.getAttribute('data-state')}: ${await snippet.getByTestId('output').textContent()}`;
}

async function ended(snippet: Locator): Promise<void> {
  await expect.poll(() => snippet.getAttribute('data-state'), { timeout: 60_000 }).toMatch(/done|failed|stopped/);
}

/** Notes how long the output is each time it changes. */
function watchOutput(): void {
  const lengths: number[] = [];
  Object.assign(globalThis, { lengths });
  new MutationObserver(() => {
    const output = document.querySelector('[data-testid=output]');
    if (output !== null) lengths.push(output.textContent.length);
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}
