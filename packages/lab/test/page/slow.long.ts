// The checks that take seconds: every state for axe, a screen reader's pace, a planted leak, and a very long answer.
import { describe, expect, test } from 'vitest';
import { axe } from '../../../../scripts/axe.ts';
import { hasBrowser } from '../../../../scripts/browser.ts';
import { SLOWLY } from '../model.ts';
import { openPage, type Visit, visitLab } from '../rig.ts';

const QUESTION = 'What is Python?';
const UPDATES = 2_000;
const CHUNK = `${'word '.repeat(149)}end.\n`;

describe.skipIf(!hasBrowser)('the lab in chromium', { tags: ['browser'] }, () => {
  const visit = visitLab({
    everyMs: 20,
    says: {
      'At length.': Array<string>(UPDATES).fill(CHUNK),
      'Say updates': Array.from({ length: UPDATES }, (_, index) =>
        index % 40 === 39 ? `w${index}.\n\n` : `w${index} `,
      ),
    },
    lab: { guards: { maxBytes: 10_000_000, totalMs: 60_000 } },
  });

  test('L31 axe finds nothing: idle, streaming, done, failed, in a dialog, and in each view', async () => {
    const { answer, ask, find, page } = visit();
    const found: Record<string, readonly string[]> = { idle: await axe(visit().page) };

    await ask(QUESTION);
    found['streaming'] = await axe(visit().page);
    await visit().ended();
    found['done'] = await axe(visit().page);
    await page.selectOption('#fault', 'error');
    await answer(QUESTION);
    found['failed'] = await axe(visit().page);
    await find('table-clock').click();
    found['dialog'] = await axe(visit().page);
    await page.keyboard.press('Escape');
    for (const view of ['grid', 'twin', 'break', 'bill']) {
      await find(`view-${view}`).click();
      found[view] = await axe(visit().page);
    }

    expect(Object.entries(found).filter(([, violations]) => violations.length > 0)).toEqual([]);
  });

  test('L33 a screen reader hears the beginning, at most one thing in two seconds, and both times at the end', async () => {
    const { ask, page } = visit();
    await listen(visit());

    await ask(`Write a report about Python${SLOWLY}`);
    await visit().ended('done');
    await page.getByTestId('announcer').filter({ hasText: 'Answer complete' }).waitFor({ state: 'attached' });

    const heard = await page.evaluate(() => (globalThis as unknown as { heard: [number, string][] }).heard);
    const pauses = heard.slice(1).map(([at], index) => at - heard[index]![0]);
    expect(heard[0]![1]).toBe('Answering');
    expect(heard.length).toBeGreaterThanOrEqual(3);
    expect(Math.min(...pauses)).toBeGreaterThan(1_900);
    expect(heard.at(-1)![1]).toMatch(/^Answer complete, first word after \d+ milliseconds, \d+\.\d seconds in all$/);
  });

  test('L08 with a leak between conversations, the proof says no and where', async () => {
    const { find } = visit();
    await openPage(visit(), '?bug=leak');
    await find('view-grid').click();

    await find('prove').click();

    await find('column-fact').filter({ hasText: 'No: holds only in 2 of 3 columns.' }).waitFor();
    expect(await find('column-fact').textContent()).toContain('Not in session new (');
    expect(await find('row-fact').textContent()).toContain('Holds in 3 of 3 rows.');
    expect(await axe(visit().page)).toEqual([]);
    await openPage(visit());
  });

  test('the bill: who leaves a full answer pays for all that was made', async () => {
    const { find, page } = visit();
    await find('view-bill').click();

    await find('leave').click();

    await expect.poll(async () => find('leave').isDisabled()).toBe(false);
    // The page draws a moment after the last run has ended.
    await find('bill-row').nth(2).waitFor();
    const rows = await find('bill-row').evaluateAll((all) =>
      all.map((row) => [row.getAttribute('data-mode'), ...[...row.children].map((cell) => cell.textContent)]),
    );
    const lost = Object.fromEntries(
      rows.slice(0, 3).map(([mode = '', , made, forNobody]) => [mode, [Number(made), Number(forNobody)]]),
    );
    expect(lost['full']![1]).toBe(lost['full']![0]);
    expect(lost['full']![1]).toBeGreaterThan(10);
    expect(lost['streaming']![1]).toBeLessThan(5);
    expect(lost['background']).toEqual([217, 0]);
    expect(await axe(visit().page)).toEqual([]);
    const made = rows.reduce((sum, [, , tokens]) => sum + Number(tokens), 0);
    expect(await page.getByTestId('bill-total').textContent()).toContain(`the model made ${made} tokens`);
  });

  test('L28 two thousand updates in the transcript: all of it is shown, and the longest task is printed', async () => {
    const { answer, find, model, page } = visit();
    model.everyMs = 0;
    await page.evaluate(() => {
      const tasks: number[] = [];
      Object.assign(globalThis, { tasks });
      new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
        type: 'longtask',
      });
    });

    await answer('Say updates');

    const tasks = await page.evaluate(() => (globalThis as unknown as { tasks: number[] }).tasks);
    console.log(`2,000 updates: longest task ${Math.max(0, ...tasks)} ms`);
    expect(await find('answer').last().locator('p').count()).toBe(50);
  });

  test('L28 two thousand updates in the instruments: a bounded picture, memory that stays, and the longest task is printed', async () => {
    const { ask, model, page } = visit();
    model.everyMs = 2;
    const cdp = await page.context().newCDPSession(page);
    const heapMb = async (): Promise<number> => {
      await cdp.send('HeapProfiler.collectGarbage');
      const { usedSize } = await cdp.send('Runtime.getHeapUsage');
      return usedSize / 2 ** 20;
    };
    const before = await heapMb();
    await page.evaluate(() => {
      const tasks: number[] = [];
      Object.assign(globalThis, { tasks });
      new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
        type: 'longtask',
      });
    });

    // The transcript is a check of its own.
    await page.getByTestId('transcript').evaluate((transcript) => transcript.toggleAttribute('hidden', true));
    await ask('At length.');
    await visit().ended('done');

    const tasks = await page.evaluate(() => (globalThis as unknown as { tasks: number[] }).tasks);
    const nodes = await page.locator('#clock *').count();
    const grownMb = (await heapMb()) - before;
    console.log(
      `longest task ${Math.max(0, ...tasks)} ms, ${nodes} nodes in the clock, heap +${grownMb.toFixed(1)} MB`,
    );
    // Markdown has no space at the end of a paragraph.
    expect(await page.getByTestId('answer').last().textContent()).toHaveLength(CHUNK.repeat(UPDATES).trimEnd().length);
    expect(nodes).toBeLessThan(200);
    expect(grownMb).toBeLessThan(64);
  });
});

/** Notes what the polite region says, and when. */
async function listen({ page }: Visit): Promise<void> {
  await page.evaluate(() => {
    const region = document.querySelector('[data-testid=announcer]')!;
    const heard: [number, string][] = [];
    Object.assign(globalThis, { heard });
    new MutationObserver(() => heard.push([performance.now(), region.textContent])).observe(region, {
      childList: true,
    });
  });
}
