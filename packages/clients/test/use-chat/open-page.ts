// Opens the page of `useChat` in a real browser, at the address of a server.
import type { Page } from 'playwright-core';
import { rolldown } from 'rolldown';
import { openBrowser } from '../../../../scripts/browser.ts';
import { TOKEN } from '../served.ts';

/** One URL for all servers, so that the browser compiles the script only once. */
const SCRIPT_URL = 'http://script.test/page.js';

export interface ChatPage {
  /** What is said and called, one line each. */
  lines(): Promise<readonly string[]>;
  /** The status of the chat, and the message of its error. */
  state(): Promise<readonly [status: string, error: string]>;
  ask(question: string): Promise<void>;
  stop(): Promise<void>;
}

export class PageOpener {
  readonly #page: Page;
  readonly #script: string;

  private constructor(page: Page, script: string) {
    this.#page = page;
    this.#script = script;
  }

  static async connect(): Promise<PageOpener> {
    const opening = openBrowser();
    const script = await bundled();
    const browser = await opening;
    return new PageOpener(await browser.newPage(), script);
  }

  /** Everything but the page itself comes from the server. */
  async open(url: string, options: Readonly<Record<string, string>> = {}): Promise<ChatPage> {
    const page = this.#page;
    await page.unrouteAll();
    await page.route(`${url}/page*`, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<!doctype html><title>A map of Oslo</title><body></body><script src="${SCRIPT_URL}"></script>`,
      }),
    );
    await page.route(SCRIPT_URL, (route) => route.fulfill({ contentType: 'text/javascript', body: this.#script }));
    await page.goto(`${url}/page?${new URLSearchParams({ token: TOKEN, ...options }).toString()}`);
    return {
      lines: () => page.locator('li').allTextContents(),
      state: async () => [
        (await page.locator('output').textContent()) ?? '',
        (await page.getByRole('alert').textContent()) ?? '',
      ],
      async ask(question) {
        await page.getByLabel('Question').fill(question);
        await page.getByRole('button', { name: 'Send' }).click();
      },
      stop: () => page.getByRole('button', { name: 'Stop' }).click(),
    };
  }

  /** A page that is left closes its connections. */
  async leave(): Promise<void> {
    await this.#page.goto('about:blank');
  }

  async close(): Promise<void> {
    await this.#page.close();
  }
}

async function bundled(): Promise<string> {
  await using bundle = await rolldown({
    input: new URL('chat-page.ts', import.meta.url).pathname,
    platform: 'browser',
    logLevel: 'silent',
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  });
  const { output } = await bundle.generate({ format: 'iife', minify: true });
  return output[0].code;
}
