// Pages in a real browser, which tests take and give back.
import type { BrowserContext, Page } from 'playwright-core';
import { openBrowser } from '../../../../scripts/browser.ts';

/** As long as the rest of the workspace waits: a busy machine may take its time. */
const TIMEOUT_MS = 60_000;
const VIEWPORT = { width: 1280, height: 720 };
/** Of all tests of a process. */
let opened: Promise<BrowserContext> | undefined;
/** Those of the test that runs. */
const taken: Page[] = [];
/** Those of finished tests. */
const idle: Page[] = [];

/** A page where nothing runs, and without anything in its storage. */
export async function openPage(): Promise<Page> {
  opened ??= openContext();
  const context = await opened;
  const page = idle.pop() ?? (await context.newPage());
  taken.push(page);
  return page;
}

/** The pages of the test go to this address, where nothing runs, and then to other tests. */
export async function parkPages(address: string): Promise<void> {
  const pages = taken.splice(0).filter((page) => !page.isClosed());
  for (const page of pages) {
    page.removeAllListeners();
    await page.unrouteAll();
    await page.setViewportSize(VIEWPORT);
    await page.goto(address);
  }
  // Only now is there no page that would write to it.
  for (const page of pages) await page.evaluate('localStorage.clear(); sessionStorage.clear()');
  idle.push(...pages);
}

async function openContext(): Promise<BrowserContext> {
  const browser = await openBrowser();
  const context = await browser.newContext({ viewport: VIEWPORT });
  context.setDefaultTimeout(TIMEOUT_MS);
  return context;
}

/** What went wrong in the page: errors, and what its policy stopped. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  return complaints;
}
