// What the page blocks: active text, callers with another token or none, and foreign resources.
import { OpenAIResponsesClient } from '@turnstream/openai';
import { reply, serveModel, stallAfter } from '@turnstream/testkit';
import Fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import { hasBrowser } from '../../../../scripts/browser.ts';
import type { Authenticate } from '../../src/http/identity.ts';
import { agentServer } from '../../src/plugin.ts';
import { memoryStore, openRig, type Rig, TOKEN } from '../app-rig.ts';
import { openPage } from './browser-rig.ts';
import { openPageRig } from './page-rig.ts';
import { viewOf, visit } from './view.ts';

describe.skipIf(!hasBrowser)('the page in chromium', { tags: ['browser'] }, () => {
  test('hostile text stays text on the page, in questions and answers, before and after a reload', async () => {
    const hostile = [
      '<img src=x onerror=alert(1)><script>alert(2)</script>',
      'data: {"type":"done"}\n\nevent: done\n\n',
      '[click](javascript:alert(3)) <a href="javascript:alert(4)">x</a>',
      '\u202Egnp.exe & &lt;b&gt; \u2028 \u0007',
    ];
    await using rig = await openPageRig({ steps: hostile.map((text) => reply(text)) });
    const { page, view, complaints } = await visit(rig);
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });

    for (const [index, text] of hostile.entries()) {
      await view.ask(text);
      await view.answer().nth(index).waitFor();
      await view.button('Send').waitFor();
    }
    const live = await view.texts.allTextContents();
    await page.reload();
    await view
      .answer()
      .nth(hostile.length - 1)
      .waitFor();

    // Paragraphs are elements, so no line break is between them.
    const said = live.map((text) => text.replaceAll('\n', '').trim());
    expect(said).toEqual(hostile.flatMap((text) => Array(2).fill(text.replaceAll('\n', '').trim())));
    expect(await view.texts.allTextContents()).toEqual(live);
    expect(await page.locator('.transcript :is(img, script, [href^="javascript"])').count()).toBe(0);
    expect(dialogs).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('a page without a token says so, keeps the conversation, and goes on when it gets one', async () => {
    await using rig = await openPageRig({ steps: [reply('One.')] });
    const one = await visit(rig);
    await one.view.ask('1');
    await one.view.done();
    const page = await openPage();

    await page.goto(rig.url);
    await page.getByRole('alert').filter({ hasText: 'Open the address that the server printed' }).waitFor();
    await page.goto(`${rig.url}/#token=${TOKEN}`);

    await viewOf(page).answer('One.').waitFor();
    expect(page.url()).toBe(`${rig.url}/`);
  });

  test("somebody else's token shows nothing of the conversation or of the question that was left", async () => {
    const authenticate: Authenticate = ({ headers }) => headers.authorization ?? null;
    const steps = [reply('A secret.'), reply(['Half ', 'way'], { fault: stallAfter({ chunks: 1 }) }), reply('Hello.')];
    await using rig = await openPageRig({ steps, identity: { authenticate } });
    const { page, view } = await visit(rig);
    await view.ask('Tell me.');
    await view.done();
    await view.ask('Tell me more.');
    await view.answer('Half').waitFor();

    await page.goto(`${rig.url}/#token=of-somebody-else`);
    await view.texts.first().waitFor({ state: 'detached' });
    await view.ask('Who is there?');
    await view.answer('Hello.').waitFor();

    expect(await view.texts.allTextContents()).toEqual(['Who is there?', 'Hello.']);
    expect(rig.model.requests.at(-1)!.texts).toEqual(['Who is there?']);
  });

  test('a question asked while the saved conversation loads waits, and starts a new one if that is not found', async () => {
    await using rig = await openPageRig({ steps: [reply('Hello.')] });
    const page = await openPage();
    const reading = Promise.withResolvers<void>();
    await page.route('**/runs?sessionId=*', async (route) => {
      await reading.promise;
      await route.continue();
    });
    await page.goto(`${rig.url}/page/page.css`);
    await page.evaluate("localStorage.setItem('turnstream-session', 'of-somebody-else')");
    await page.goto(`${rig.url}/#token=${TOKEN}`);
    const view = viewOf(page);

    await view.field.fill('Who is there?');
    await view.field.press('Enter');
    const requestsWhileLoading = rig.model.requests.length;
    reading.resolve();
    await view.answer('Hello.').waitFor();

    expect(requestsWhileLoading).toBe(0);
    expect(await view.texts.allTextContents()).toEqual(['Who is there?', 'Hello.']);
  });

  test('the token leaves the address bar', async () => {
    await using rig = await openPageRig();

    const { page } = await visit(rig);

    expect(page.url()).toBe(`${rig.url}/`);
  });
});

test('the page may load nothing but its own modules and style, and be framed by nobody', async () => {
  await using rig = await openRig({ page: true });

  const { status, headers } = await fetch(rig.url);

  expect(status).toBe(200);
  expect(headers.get('content-security-policy')?.replace(/sha256-[\w+/]+=/, 'sha256-x')).toBe(
    "default-src 'none'; script-src 'self' 'sha256-x'; style-src 'self'; connect-src 'self'; img-src data:; " +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  );
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('cache-control')).toBe('no-store');
});

test.for(['server/page/routes.ts', 'server/page/..%2f..%2fplugin.ts', '%2fetc%2fpasswd', 'toString'])(
  'Module %s is none of the page, and not served',
  async (name) => {
    await using rig = await openRig({ page: true });

    const { status } = await rig.get((await modulesOf(rig)) + name);

    expect(status).toBe(404);
  },
);

test('a browser keeps the modules of this version for good, and takes those of another one without keeping them', async () => {
  await using rig = await openRig({ page: true });
  const modules = await modulesOf(rig);

  const kept = await rig.get(`${modules}server/page/browser/main.ts`);
  const taken = await rig.get('/page/modules/another/server/page/browser/main.ts');

  expect(kept.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(taken.headers.get('cache-control')).toBe('no-store');
  expect(await taken.text()).toBe(await kept.text());
});

test('under a prefix the page and all it names are there too', async () => {
  await using model = await serveModel();
  const client = new OpenAIResponsesClient({ model: 'gpt-4.1', apiKey: 'sk-test', baseURL: model.baseURL });
  await using app = Fastify();
  const options = { agent: { client }, store: memoryStore(), identity: { token: TOKEN }, page: true };
  await app.register(agentServer, { ...options, prefix: '/agent' });

  const { payload } = await app.inject('/agent/');
  const addresses = [...payload.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, address = '']) => address);
  const statuses = await Promise.all(addresses.map(async (address) => (await app.inject(address)).statusCode));

  expect(payload).toContain('data-base="/agent"');
  expect(addresses.map((address) => address.replace(/modules\/[\w-]{12}\//, 'modules/version/'))).toEqual([
    '/agent/page/modules/version/server/page/browser/frame/first-paint.ts',
    '/agent/page/page.css',
    '/agent/page/modules/version/server/page/browser/main.ts',
  ]);
  expect(statuses).toEqual([200, 200, 200]);
});

test('without being asked for there is no page', async () => {
  await using rig = await openRig();

  const { status } = await rig.get('/');

  expect(status).toBe(404);
});

/** Where the modules of its page are. */
async function modulesOf(rig: Rig): Promise<string> {
  const html = await (await rig.get('/')).text();
  return /src="(\/page\/modules\/[\w-]+\/)/.exec(html)![1]!;
}
