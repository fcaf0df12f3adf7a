// The browser of the test run, for the tests: each process connects to it once.
import { type Browser, chromium } from 'playwright-core';
import { inject } from 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Answers with the address of the browser; null when there is none. */
    browser: string | null;
  }
}

export const hasBrowser: boolean = typeof inject('browser') === 'string';

let connected: Promise<Browser> | undefined;

/** Starts it if this is the first test that needs it. */
export function openBrowser(): Promise<Browser> {
  connected ??= connect();
  return connected;
}

async function connect(): Promise<Browser> {
  const response = await fetch(inject('browser') ?? '');
  return chromium.connect(await response.text());
}
