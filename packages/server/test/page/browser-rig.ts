// A real browser for the page, and pages in it that tests take and give back.
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { BROWSER_ARGS, browserPath } from '../../../../scripts/browser-path.ts';

/** As long as the rest of the workspace waits: a busy machine may take its time. */
const TIMEOUT_MS = 60_000;
/** Of all tests of a file: a browser takes seconds to start. */
let opened: Promise<BrowserContext> | undefined;
/** Pages of finished tests: a new one is a new process. */
const idle: Page[] = [];

/** A blank page, which goes to another test when this one is over. */
export async function openPage(): Promise<Page> {
  opened ??= launch();
  const context = await opened;
  const page = idle.pop() ?? (await context.newPage());
  onTestFinished(() => park(page));
  return page;
}

/** For the end of a file. */
export async function closeBrowser(): Promise<void> {
  const context = await opened;
  opened = undefined;
  idle.splice(0);
  await context?.browser()?.close();
}

async function launch(): Promise<BrowserContext> {
  const browser = await chromium.launch({ executablePath: browserPath()!, args: BROWSER_ARGS });
  const context = await browser.newContext();
  context.setDefaultTimeout(TIMEOUT_MS);
  return context;
}

async function park(page: Page): Promise<void> {
  if (page.isClosed()) return;
  page.removeAllListeners();
  await page.unrouteAll();
  // The server of a later test may get the same port.
  await page.evaluate('localStorage.clear(); sessionStorage.clear()');
  await page.goto('about:blank');
  idle.push(page);
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
