// Waits for the latest turn of a page.
import type { Page } from 'playwright-core';

/** Resolves when the latest turn is in one of these states. The page itself looks, so nothing polls it meanwhile. */
export async function latestTurnIs(page: Page, states: readonly string[], limitMs: number): Promise<void> {
  await page.evaluate(
    ([wanted, ms]) =>
      new Promise<void>((resolve, reject) => {
        const latest = (): string =>
          [...document.querySelectorAll<HTMLElement>('[data-testid=turn]')].at(-1)?.dataset['state'] ?? 'not there';
        const look = (): void => {
          if (!wanted.includes(latest())) return;
          observer.disconnect();
          clearTimeout(timer);
          resolve();
        };
        const observer = new MutationObserver(look);
        const timer = setTimeout(() => {
          observer.disconnect();
          reject(new Error(`After ${ms} ms the latest turn is ${latest()}, not ${wanted.join(' or ')}.`));
        }, ms);
        observer.observe(document, { subtree: true, childList: true, attributeFilter: ['data-state'] });
        look();
      }),
    [states, limitMs] as const,
  );
}
