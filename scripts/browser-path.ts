// The browser of the tests: the one CHROMIUM_PATH names, or Debian's chromium, whose headless shell starts in a fifth of
// the time. With REQUIRE_BROWSER=1 a missing one is a failure.
import { existsSync } from 'node:fs';

const PLACES = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** Null when there is none. */
export function browserPath(): string | null {
  const found = PLACES.find((place) => place !== undefined && place !== '' && existsSync(place)) ?? null;
  if (found === null && process.env['REQUIRE_BROWSER'] === '1')
    throw new Error('REQUIRE_BROWSER=1, and there is no chromium: install it, or name it by CHROMIUM_PATH');
  return found;
}

const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

/** One renderer for all pages: a process for each takes longer to start than most tests run. */
export const BROWSER_ARGS: string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--renderer-process-limit=1',
  ...quiet,
];
