// The built site, served below a path, and a browser that lets nothing else through.
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { BROWSER_ARGS, browserPath } from '../../../scripts/browser-path.ts';
import { type ServedSite, serve } from '../src/serve.ts';

const BASE = '/turnstream/';
const folder = fileURLToPath(new URL('..', import.meta.url));
const dist = join(folder, 'dist');

export const hasBrowser: boolean = browserPath() !== null;

export interface BuiltSite {
  /** What the build wrote, and how it ended. */
  readonly build: { readonly status: number | null; readonly lines: readonly string[] };
  /** The pages with a Run button, by the number of buttons. */
  readonly runnable: ReadonlyMap<string, number>;
  /** The pages with diagrams, by their number. */
  readonly diagrams: ReadonlyMap<string, number>;
  /** What pages asked of other origins, and what they complained of. */
  readonly complaints: readonly string[];
  open(path: string, options?: { readonly dark?: boolean; readonly width?: number }): Promise<Page>;
}

export function builtSite(): () => BuiltSite {
  let site: BuiltSite;
  let browser: Browser;
  let served: ServedSite;
  const complaints: string[] = [];
  beforeAll(async () => {
    if (!hasBrowser) return;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['main.ts', '--base', BASE], {
      cwd: folder,
      encoding: 'utf8',
    });
    served = await serve(dist, BASE, 0);
    browser = await chromium.launch({ executablePath: browserPath()!, args: BROWSER_ARGS });
    const contexts = new Map<string, BrowserContext>();
    site = {
      build: { status, lines: `${stderr}${stdout}`.split('\n').filter((line) => !/^(?:\[info\]|$)/.test(line)) },
      runnable: pagesWith('data-testid="runnable"'),
      diagrams: pagesWith('class="diagram"'),
      complaints,
      async open(path, { dark = false, width = 1280 } = {}) {
        const key = `${dark} ${width}`;
        const context = contexts.get(key) ?? (await contextOf(browser, served.url, complaints, dark, width));
        contexts.set(key, context);
        const page = await context.newPage();
        await page.goto(served.url + path);
        // Vue has taken the page over.
        await page.waitForFunction(() => '__vue_app__' in (document.querySelector('#app') ?? {}));
        return page;
      },
    };
  }, 600_000);
  afterAll(async () => {
    await browser?.close();
    await served?.[Symbol.asyncDispose]();
  });
  return () => site;
}

/** How often the text is on each page that has it. */
function pagesWith(text: string): ReadonlyMap<string, number> {
  const pages = globSync('**/*.html', { cwd: dist }).toSorted();
  const counted = pages.map((page): [string, number] => [
    page,
    readFileSync(join(dist, page), 'utf8').split(text).length - 1,
  ]);
  return new Map(counted.filter(([, count]) => count > 0));
}

async function contextOf(
  browser: Browser,
  url: string,
  complaints: string[],
  dark: boolean,
  width: number,
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(60_000);
  await context.route(
    (address) => address.origin !== new URL(url).origin,
    async (route) => {
      complaints.push(`asks for ${route.request().url()}`);
      await route.abort();
    },
  );
  context.on('weberror', (error) => complaints.push(error.error().message));
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  return context;
}
