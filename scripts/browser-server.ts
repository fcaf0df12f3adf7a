// One browser for all test files of a package, as the `globalSetup` of its Vitest. It starts when a test first asks for
// it, so a run without such tests has none.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserServer } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { BROWSER_ARGS, browserPath } from './browser-path.ts';

/** Returns how to close it. */
export async function setup({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const executablePath = browserPath();
  if (executablePath === null) {
    provide('browser', null);
    return undefined;
  }
  let launched: Promise<BrowserServer> | undefined;
  const door = createServer((_request, response) => {
    launched ??= launch(executablePath);
    launched.then(
      (browser) => response.end(browser.wsEndpoint()),
      // The end of the run rejects with it.
      () => response.destroy(),
    );
  });
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  provide('browser', `http://127.0.0.1:${(door.address() as AddressInfo).port}`);
  return async () => {
    door.close();
    await (await launched)?.close();
  };
}

async function launch(executablePath: string): Promise<BrowserServer> {
  const { chromium } = await import('playwright-core');
  // A renderer for each worker, so that the pages of two files do not wait for each other.
  const args = [...BROWSER_ARGS, '--renderer-process-limit=2'];
  return chromium.launchServer({ executablePath, args, host: '127.0.0.1' });
}
