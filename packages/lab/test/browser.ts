// One browser for all test files of the package: each connects to it and opens a page of its own.
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { BROWSER_ARGS, browserPath } from '../../../scripts/browser-path.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The address of the browser; null when there is none. */
    browser: string | null;
  }
}

/** Returns how to close it. */
export async function setup({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const executablePath = browserPath();
  if (executablePath === null) {
    provide('browser', null);
    return undefined;
  }
  // A renderer for each worker, so that the pages of two files do not wait for each other.
  const args = [...BROWSER_ARGS, '--renderer-process-limit=2'];
  const server = await chromium.launchServer({ executablePath, args, host: '127.0.0.1' });
  provide('browser', server.wsEndpoint());
  return () => server.close();
}
