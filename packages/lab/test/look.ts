// What tests read off the page.
import type { Locator } from 'playwright-core';
import type { Visit } from './rig.ts';

/** The lane of the latest run in the lab's own clock. */
export function lastLane({ find }: Visit): Locator {
  return find('clock').getByTestId('lane').last();
}

/** The rows of an instrument's table. */
export async function tableOf({ page, find }: Visit, name: string): Promise<readonly (readonly string[])[]> {
  await find(`table-${name}`).click();
  const table = find('table');
  const rows = await table
    .locator('tbody tr')
    .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
  await page.keyboard.press('Escape');
  await table.waitFor({ state: 'detached' });
  return rows;
}

/** The roles of the messages that the last request sent, oldest first, without the instructions. */
export async function rolesOfLastRequest({ find }: Visit): Promise<readonly (string | null)[]> {
  const blocks = find('column').last().locator('.blocks').getByTestId('block');
  return (await blocks.evaluateAll((all) => all.map((block) => block.getAttribute('data-role')))).toReversed();
}

/** How long the text of the last answer is by now. */
export async function lengthOfLast({ find }: Visit): Promise<number> {
  return ((await find('answer').last().textContent()) ?? '').length;
}

/** Controls lower than 44 px, the height of a fingertip. */
export async function lowTargets({ page }: Visit): Promise<readonly string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('button, select, textarea, input, label:has(input)')]
      .filter((control) => control.checkVisibility() && !control.matches('input[type=radio]'))
      .filter((control) => Math.round(control.getBoundingClientRect().height) < 44)
      .map(
        (control) => `${control.tagName} ${control.getAttribute('data-testid') ?? control.textContent.slice(0, 20)}`,
      ),
  );
}

/** Something is wider than the window, or than the view that scrolls in it. */
export async function sticksOut({ page }: Visit): Promise<boolean> {
  return page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('.page, .transcript')].some(
      (element) => element.checkVisibility() && element.scrollWidth > element.clientWidth,
    ),
  );
}

/** The latest turn at one moment. */
export interface Seen {
  readonly atMs: number;
  readonly state: string;
  readonly length: number;
  /** The arguments of its first tool call; null while there is none. */
  readonly args: string | null;
}

/** The latest turn after each change of the page, until it has ended. */
export async function seenUntilDone({ page }: Visit): Promise<readonly Seen[]> {
  return page.evaluate(
    () =>
      new Promise<Seen[]>((resolve) => {
        const seen: Seen[] = [];
        const look = (): void => {
          const turn = [...document.querySelectorAll<HTMLElement>('[data-testid=turn]')].at(-1);
          const state = turn?.dataset['state'] ?? 'sent';
          const length = turn?.querySelector('[data-testid=answer]')?.textContent.length ?? 0;
          const args = turn?.querySelector('[data-testid=tool-card] pre')?.textContent ?? null;
          seen.push({ atMs: performance.now(), state, length, args });
          if (!/done|failed|cut|stopped/.test(state)) return;
          observer.disconnect();
          resolve(seen);
        };
        const observer = new MutationObserver(look);
        observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
      }),
  );
}
