// The chat in a real browser: scrolling, Markdown, copy, edit, consent, conversations, reload.
import { describe, expect, test } from 'vitest';
import { axe } from '../axe.ts';
import { hasBrowser, type Visit, visitLab } from '../rig.ts';

const MARKDOWN = [
  '# Title\n\nSome **bold** text, `code` and a [link](https://example.org/a).\nA second line.\n\n',
  '```ts\nconst a = 1;\n\n// two\n```\n\n',
  '| n | fib |\n|--:|:---|\n| 1 | 1 |\n\n',
  '1. one\n   - nested\n2. two\n\n> quoted\n\n---\n\nThe end.',
].join('');

const HOSTILE = [
  '<script>window.__xss = 1</script>',
  '<img src=x onerror="window.__xss = 1">',
  '<svg onload="window.__xss = 1"><a xlink:href="javascript:window.__xss=1">x</a></svg>',
  '[a](javascript:window.__xss=1) [b](JAVASCRIPT:window.__xss=1) [c](data:text/html,<script>window.__xss=1</script>)',
  '[d](java\tscript:window.__xss=1) [e](vbscript:x) <javascript:window.__xss=1> [f](//example.org) [g](&#106;avascript:x)',
  '![i](https://example.org/pixel.png) ![j](x"onerror="window.__xss=1)',
  '<iframe src="https://example.org"></iframe><style>*{background:url(https://example.org/x)}</style><base href="//e.org">',
  '`<img src=x onerror=window.__xss=1>` ```html\n<script>window.__xss=1</script>',
  '| <img src=x onerror=window.__xss=1> | b |\n|---|---|\n| <script>window.__xss=1</script> | [x](javascript:x) |',
  '```"><img/src=x/onerror=window.__xss=1>\ncode\n```',
  '# <b onclick="window.__xss=1">x</b>\n> - <form action="https://example.org"><input autofocus onfocus=window.__xss=1>',
].join('\n\n');

/** The chunks of the model's answer, by a word of the question. */
const SAID: Readonly<Record<string, readonly string[]>> = {
  markdown: MARKDOWN.match(/[^]{1,9}/g) ?? [],
  whole: [MARKDOWN],
  hostile: HOSTILE.match(/[^]{1,40}/g) ?? [],
  frames: ['data: a\n', '[DONE]\nevent: done\r\n', 'last'],
  fence: ['Look:\n\n', '```js\nlet ', 'a = 1;\n', 'let b;', ...Array.from({ length: 30 }, () => '\nx()'), '\n```\n'],
  updates: Array.from({ length: 2_000 }, (_, index) => (index % 40 === 39 ? `w${index}.\n\n` : `w${index} `)),
};

/** Questions whose answers a test acts on while they stream. */
const SLOW = /slowly|fence/;
const SLOW_REPORT = 'Write a report about Python, slowly.';

describe.skipIf(!hasBrowser)('the chat in chromium', { tags: ['browser'] }, () => {
  const visit = visitLab({
    context: { permissions: ['clipboard-read', 'clipboard-write'] },
    change: (reply, { texts }) => {
      const question = texts.at(-1) ?? '';
      const key = Object.keys(SAID).find((word) => question.includes(`Say ${word}`));
      const parts = key === undefined ? reply.parts : [{ type: 'text' as const, chunks: [...SAID[key]!] }];
      return { ...reply, parts, chunkDelayMs: SLOW.test(question) ? 20 : key === 'updates' ? 0 : 3 };
    },
  });

  test('the end stays in view through answers longer than the window, at 1280 and at 390 px', async () => {
    const { answer, page, set } = visit();
    const distances: number[] = [];
    for (const [width, height] of [[1280, 800] as const, [390, 844] as const]) {
      await page.setViewportSize({ width, height });
      for (const question of ['Write a report about Python.', 'What is Rust?', 'What is Go?', 'What is Python?']) {
        await answer(question);
        distances.push(await distance(visit()));
      }
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    await set('background');
    await answer('What is Rust?');
    distances.push(await distance(visit()));

    expect(distances).toEqual(Array(9).fill(0));
    expect(await scrolls(visit())).toBe(true);
  });

  test('the question stays in view while its long answer comes', async () => {
    const { ask, page, find } = visit();
    await page.setViewportSize({ width: 390, height: 560 });
    await ask(SLOW_REPORT);

    await expect.poll(() => scrolls(visit())).toBe(true);
    const [question, log] = await Promise.all([find('asked').last().boundingBox(), find('transcript').boundingBox()]);

    expect(question!.y).toBeGreaterThanOrEqual(log!.y);
    await visit().ended();
    expect(await distance(visit())).toBe(0);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  test('L37 scrolled up, the place does not move; the button leads back, and it follows again', async () => {
    const { answer, ask, find, page } = visit();
    await page.setViewportSize({ width: 1280, height: 500 });
    await answer('Say markdown');
    await ask(SLOW_REPORT);
    await expect.poll(async () => (await find('answer').last().textContent())?.length).toBeGreaterThan(30);
    const log = find('transcript');

    await log.hover();
    await page.mouse.wheel(0, -300);
    await find('to-end').waitFor();
    const before = await log.evaluate(({ scrollTop }) => scrollTop);
    const length = (await find('answer').last().textContent())!.length;
    await expect.poll(async () => (await find('answer').last().textContent())?.length).toBeGreaterThan(length + 30);
    const after = await log.evaluate(({ scrollTop }) => scrollTop);
    await find('to-end').click();
    await visit().ended();

    expect(after).toBe(before);
    expect(await distance(visit())).toBe(0);
    expect(await find('to-end').isVisible()).toBe(false);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  test('L25 what streamed has the elements of what came at once, and an open fence is code already', async () => {
    const { answer, ask, find, page } = visit();
    await answer('Say markdown');
    await answer('Say whole');
    const [streamed, whole] = await find('answer').evaluateAll((all) => all.map(({ innerHTML }) => innerHTML));

    await ask('Say fence');
    const code = find('answer').last().locator('pre code');
    await page.locator('[data-testid=turn][aria-busy] pre code').waitFor();
    const font = await code.evaluate((element) => getComputedStyle(element).fontFamily);
    await visit().ended();

    expect(streamed).toBe(whole);
    expect(streamed).toContain('<th class="end">n</th>');
    expect(font).toContain('monospace');
    expect(await code.textContent()).toMatch(/^let a = 1;\nlet b;(?:\nx\(\)){30}$/);
  });

  test('L26 hostile Markdown stays text: no script, no image, no request elsewhere, no other address than of a page', async () => {
    const { answer, find, page } = visit();
    const requested: string[] = [];
    page.on('request', (request) => requested.push(new URL(request.url()).origin));

    await answer('Say hostile');

    page.removeAllListeners('request');
    const last = find('answer').last();
    const forbidden = 'script, img, svg, iframe, style, base, form, input, object, [onclick], [onerror], [onload]';
    expect(await last.locator(forbidden).count()).toBe(0);
    const protocols = await last
      .locator('a')
      .evaluateAll((all) => all.map((each) => (each as HTMLAnchorElement).protocol));
    expect(new Set(protocols)).toEqual(new Set(['https:']));
    expect(await page.evaluate(() => '__xss' in globalThis)).toBe(false);
    expect([...new Set(requested)]).toEqual([visit().lab.url]);
  });

  test('L27 text that looks like frames shows as it is', async () => {
    const { answer, find } = visit();

    await answer('Say frames');

    expect(await find('answer').last().innerText()).toBe('data: a\n[DONE]\nevent: done\nlast');
  });

  test('an answer and its code can be copied as they are', async () => {
    const { answer, find, page } = visit();
    await answer('Say markdown');
    const turn = find('turn').last();
    const pasted = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());

    await turn.locator('figure').getByTestId('copy').click();
    await turn.getByText('Copied').waitFor();
    const code = await pasted();
    await turn.locator('.actions').getByTestId('copy').click();
    await expect.poll(pasted).toBe(MARKDOWN);

    expect(code).toBe('const a = 1;\n\n// two');
  });

  test('the last question is edited: the session forgets what it was, and the model sees only the new one', async () => {
    const { answer, find } = visit();
    await answer('What is Python?');
    await answer('What is Rust?');
    const first = await find('edit').first().isVisible();

    await find('edit').last().click();
    await find('edited').fill('How old is it?');
    await find('send-edited').click();
    await find('asked').filter({ hasText: 'How old' }).waitFor();
    await visit().ended('done');

    expect(first).toBe(false);
    expect(await find('asked').allTextContents()).toEqual(['What is Python?', 'How old is it?']);
    expect(await find('answer').last().textContent()).toContain('1991');
    expect(await rolesOfLastRequest(visit())).toEqual(['user', 'assistant', 'user']);
  });

  test('asked again, the question is in the session once; a question from another tab is not taken back', async () => {
    const { answer, find, page } = visit();
    await answer('What is Python?');
    await find('again').click();
    await expect.poll(() => rolesOfLastRequest(visit())).toEqual(['user']);
    await visit().ended('done');
    const turns = await find('turn').count();
    await askElsewhere(visit());

    await find('again').click();

    await find('notice').filter({ hasText: 'Another tab has continued' }).waitFor();
    expect(turns).toBe(1);
    expect(await page.locator('.exchange').count()).toBe(1);
  });

  test('L24 a tool call shows its name, what it was called with, and what came of it', async () => {
    const { answer, find, set } = visit();
    const shown = '{\n  "city": "Paris"\n}';

    await answer('What is the weather in Paris?');
    await set('full');
    await answer('What is the weather in Paris?');

    const cards = find('tool-card');
    expect(await cards.locator('summary b').allTextContents()).toEqual(['get_weather', 'get_weather']);
    expect(await cards.locator('pre').allTextContents()).toEqual([
      shown,
      '22 °C and sunny in Paris',
      shown,
      '22 °C and sunny in Paris',
    ]);
  });

  test.for(['streaming', 'full', 'background'] as const)('%s: a call that needs consent waits for it', async (mode) => {
    const { ask, find, set } = visit();
    await set(mode);
    await ask('Send a postcard to Rome.');
    await find('consent').waitFor();
    const before = await find('tool-card').count();
    const asked = await find('consent').locator('pre').textContent();

    await find('allow').click();
    await find('answer').filter({ hasText: 'on its way to Rome' }).waitFor();
    await visit().ended('done');

    expect(before).toBe(0);
    expect(asked).toBe('{\n  "city": "Rome"\n}');
    expect(await find('consent').count()).toBe(0);
    await find('tool-card').filter({ hasText: 'The postcard is on its way to Rome.' }).waitFor();
  });

  test('a call that is rejected does not run', async () => {
    const { ask, find } = visit();
    await ask('Send a postcard to Rome.');

    await find('reject').click();
    await expect.poll(async () => find('turn').count()).toBe(2);
    await visit().ended('done');

    expect(await find('tool-card').last().getAttribute('data-status')).toBe('failed');
    expect(await find('answer').last().textContent()).not.toContain('on its way');
  });

  test('conversations are listed, named by their first question, opened, renamed and deleted', async () => {
    const { answer, find, page } = visit();
    await answer('Which is listed?');
    await find('new-chat').click();
    await find('turn').waitFor({ state: 'detached' });
    await answer('What is Rust?');

    await find('conversations').click();
    await find('open').filter({ hasText: 'Which is listed?' }).click();
    await find('conversation-list').waitFor({ state: 'detached' });
    await expect.poll(() => find('asked').allTextContents()).toEqual(['Which is listed?']);
    await find('conversations').click();
    const row = page.locator('.saved .current');
    await row.getByTestId('rename').click();
    await row.getByTestId('name').fill('Snakes');
    await page.keyboard.press('Enter');
    const renamed = await row.getByTestId('open').textContent();
    await row.getByTestId('delete').click();
    await row.getByTestId('delete').click();
    await row.waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');

    expect(renamed).toMatch(/^Snakes/);
    await expect.poll(() => find('asked').count()).toBe(0);
    expect(await find('conversation').textContent()).toBe('New conversation');
  });

  test('after a reload the conversation is there, words say what happened, and its last question can be edited', async () => {
    const { answer, find, page, question } = visit();
    await answer('What is Python?');
    await question.fill('A draft\nof two lines');
    await page.reload();

    await find('notice').filter({ hasText: 'The page was reloaded. 1 turn of this conversation is in its' }).waitFor();
    const draft = await question.inputValue();
    const restored = await find('answer').textContent();
    await find('edit').click();
    await find('edited').fill('What is Rust?');
    await find('send-edited').click();
    await find('asked').filter({ hasText: 'Rust' }).waitFor();
    await visit().ended('done');

    expect(draft).toBe('A draft\nof two lines');
    expect(restored).toContain('Python is');
    expect(await find('asked').allTextContents()).toEqual(['What is Rust?']);
    expect(await rolesOfLastRequest(visit())).toEqual(['user']);
  });

  test('a text that is too long is kept and reported, and the field grows with what is in it', async () => {
    const { find, question, send } = visit();
    const height = async (): Promise<number> => (await question.boundingBox())!.height;
    const one = await height();
    await question.fill('1\n2\n3\n4');
    const four = await height();

    await question.fill('x'.repeat(100_345));

    expect(four).toBeGreaterThan(one + 50);
    expect(await find('length').textContent()).toBe(
      '100,345 characters; a question may have 100,000 characters. It stays here: shorten it by 345 characters.',
    );
    expect(await send.isDisabled()).toBe(true);
    expect((await question.inputValue()).length).toBe(100_345);
  });

  test('the note of an answer has its model, both times, and its tokens', async () => {
    const { answer, find } = visit();

    await answer('What is Python?');

    expect(await find('note').last().textContent()).toMatch(
      /^Demo model · first word \d+ ms · \d+ ms in all · 23 updates · \d+ tokens in, \d+ out$/,
    );
  });

  test('axe finds nothing while the chat shows Markdown, asks for consent, is edited, lists, or has too much', async () => {
    const { answer, ask, find, page, question } = visit();
    const found: Record<string, readonly string[]> = {};
    await page.setViewportSize({ width: 320, height: 640 });
    await answer('Say markdown');
    found['Markdown'] = await axe(visit());
    await page.emulateMedia({ colorScheme: 'dark' });
    await ask('Send a postcard to Rome.');
    await find('consent').waitFor();
    found['consent, dark'] = await axe(visit());
    const low = await lowTargets(visit());
    await find('edit').last().click();
    found['editing'] = await axe(visit());
    await page.emulateMedia({ forcedColors: 'active' });
    await question.fill('x'.repeat(100_001));
    found['too long, forced colours'] = await axe(visit());
    await find('conversations').click();
    await find('rename').first().click();
    low.push(...(await lowTargets(visit())));
    found['list'] = await axe(visit());
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.emulateMedia({ colorScheme: null, forcedColors: null });
    await page.setViewportSize({ width: 1280, height: 800 });

    expect(Object.entries(found).filter(([, violations]) => violations.length > 0)).toEqual([]);
    expect([low, sideways]).toEqual([[], false]);
  });

  test('with the keyboard alone a question is edited and asked again, and consent is given', async () => {
    const { answer, ask, find, page } = visit();
    await answer('What is Python?');

    await tabTo(visit(), 'edit');
    await page.keyboard.press('Enter');
    await page.keyboard.type(' Once more.');
    await page.keyboard.press('Enter');
    await find('asked').filter({ hasText: 'What is Python? Once more.' }).waitFor();
    await visit().ended('done');
    await ask('Send a postcard to Rome.');
    await find('consent').waitFor();
    await tabTo(visit(), 'allow');
    await page.keyboard.press('Space');

    await find('answer').filter({ hasText: 'on its way to Rome' }).waitFor();
    await visit().ended('done');
  });

  test('L28 two thousand updates: no long task, and only the end of the answer is made again', async () => {
    const { answer, find, page } = visit();
    await page.evaluate(() => {
      const tasks: number[] = [];
      Object.assign(globalThis, { tasks });
      new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
        type: 'longtask',
      });
    });

    await answer('Say updates');

    const tasks = await page.evaluate(() => (globalThis as unknown as { tasks: number[] }).tasks);
    console.log(`2,000 updates: longest task ${Math.max(0, ...tasks)} ms`);
    expect(await find('answer').last().locator('p').count()).toBe(50);
    expect(Math.max(0, ...tasks)).toBeLessThan(200);
  });
});

/** Controls of the chat lower than 44 px. */
async function lowTargets({ page }: Visit): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('.chat :is(button, textarea), dialog :is(button, input)')]
      .filter((control) => control.checkVisibility() && Math.round(control.getBoundingClientRect().height) < 44)
      .map((control) => control.textContent),
  );
}

/** Presses Shift+Tab from the question field until the control has the focus. */
async function tabTo({ page, question }: Visit, testId: string): Promise<void> {
  await question.focus();
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press('Shift+Tab');
    if (await page.evaluate((id) => document.activeElement?.getAttribute('data-testid') === id, testId)) return;
  }
  throw new Error(`Tab does not lead to ${testId}.`);
}

/** The distance of the transcript from its end, in pixels, after the next frames. */
async function distance({ page }: Visit): Promise<number> {
  return page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
    const { scrollHeight, scrollTop, clientHeight } = document.querySelector('[data-testid=transcript]')!;
    return Math.round(scrollHeight - scrollTop - clientHeight);
  });
}

async function scrolls({ find }: Visit): Promise<boolean> {
  return find('transcript').evaluate(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight);
}

async function rolesOfLastRequest({ find }: Visit): Promise<readonly (string | null)[]> {
  const blocks = find('column').last().locator('.blocks [data-testid=block]');
  const roles = await blocks.evaluateAll((all) => all.map((block) => block.getAttribute('data-role')));
  return roles.filter((role) => role !== 'system').toReversed();
}

/** Adds a turn to the conversation, as another tab would. */
async function askElsewhere({ page, lab }: Visit): Promise<void> {
  const sessionId = await page.evaluate(() => sessionStorage.getItem('lab-session'));
  await fetch(`${lab.url}/chat`, {
    method: 'POST',
    headers: { authorization: `Bearer ${lab.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ message: 'What is Go?', sessionId }),
  });
}
