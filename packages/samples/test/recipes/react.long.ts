// The components of docs/recipes/react-*.md in Chromium, against the server they are for.
import { fileURLToPath } from 'node:url';
import { createApp } from '@turnstream/server';
import { httpError, reply, stallAfter } from '@turnstream/testkit';
import { type Browser, chromium, type Page } from 'playwright-core';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BROWSER_ARGS, browserPath } from '../../../../scripts/browser-path.ts';
import { inMemory, type Scripted, scripted, token } from './scripted.ts';

const path = browserPath();

/** One script: the component on an empty page. */
async function bundled(component: string): Promise<string> {
  const file = fileURLToPath(new URL(`../../src/recipes/react/${component}`, import.meta.url));
  const entry = `
    import { createRoot } from 'react-dom/client';
    import { createElement } from 'react';
    import { SupportChat } from ${JSON.stringify(file)};
    const props = { url: location.origin, token: ${JSON.stringify(token)} };
    createRoot(document.body).render(createElement(SupportChat, props));`;
  const bundle = await rolldown({
    input: 'entry',
    cwd: import.meta.dirname,
    platform: 'browser',
    logLevel: 'silent',
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === 'entry' ? `${import.meta.dirname}/entry.ts` : null),
        load: (id) => (id.endsWith('/entry.ts') ? entry : null),
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'iife' });
  await bundle.close();
  return output[0].code;
}

interface Open extends AsyncDisposable {
  shown(role: string): Promise<string[]>;
  ask(message: string): Promise<void>;
}

describe.skipIf(path === null)('in chromium', { tags: ['browser'] }, () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: path!, args: BROWSER_ARGS });
    page = await browser.newPage();
  });
  afterAll(() => browser.close());

  async function open(script: string, { client }: Scripted): Promise<Open> {
    const app = await createApp({ ...inMemory(), agent: { client }, ui: { history: 'server' } });
    app.get('/app', { config: { isPublic: true } }, (_request, answer) =>
      answer.type('text/html').send('<!doctype html><body></body>'),
    );
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    await page.goto(`${url}/app`);
    await page.addScriptTag({ content: script });
    return {
      shown: (role) => page.locator(`p.${role}`).allTextContents(),
      async ask(message) {
        await page.getByLabel('Your question').fill(message);
        await page.getByRole('button', { name: 'Send' }).click();
      },
      async [Symbol.asyncDispose]() {
        await page.goto('about:blank');
        await app.close();
      },
    };
  }

  describe.each(['own-client.tsx', 'use-chat.tsx'])('%s', (component) => {
    let script = '';
    beforeAll(async () => void (script = await bundled(component)));

    test('two questions on one session, shown as they were answered', async () => {
      await using service = await scripted(reply(['Packed', '.']), reply('Tomorrow.'));
      await using chat = await open(script, service);

      await chat.ask('Where is order 7?');
      await expect.poll(() => chat.shown('assistant')).toEqual(['Packed.']);
      await chat.ask('When?');
      await expect.poll(() => chat.shown('assistant')).toEqual(['Packed.', 'Tomorrow.']);

      expect(await chat.shown('user')).toEqual(['Where is order 7?', 'When?']);
      expect(service.model.requests[1]!.texts).toEqual(['Where is order 7?', 'Packed.', 'When?']);
    });

    test('Stop closes the connection to the model', async () => {
      await using service = await scripted(reply(['One ', 'two'], { fault: stallAfter({ chunks: 1 }) }));
      await using chat = await open(script, service);
      await chat.ask('Count.');
      await expect.poll(() => chat.shown('assistant')).toEqual(['One ']);

      await page.getByRole('button', { name: 'Stop' }).click();

      await service.model.requests[0]!.closed;
      expect(service.model.requests[0]!.closedEarly).toBe(true);
      expect(await chat.shown('error')).toEqual([]);
    });

    test('a failed answer is shown as an error', async () => {
      await using service = await scripted(httpError(400, { message: 'sk-secret is wrong' }));
      await using chat = await open(script, service);

      await chat.ask('Hello?');

      await expect.poll(() => chat.shown('error')).toHaveLength(1);
      expect((await chat.shown('error')).join()).not.toContain('sk-secret');
    });
  });
});
