// An answer in a real browser: its Markdown, what can be copied, and what is said of it.
import { describe, expect, test } from 'vitest';
import { hasBrowser } from '../../../../../scripts/browser.ts';
import { SLOWLY } from '../../model.ts';
import { visitLab } from '../../rig.ts';

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

const CODE = 'const a = 1; // "one"\nreturn `a // b`; <b>/* open';

/** By a part of the question. */
const SAYS = {
  'Say markdown': MARKDOWN.match(/[^]{1,9}/g) ?? [],
  'Say whole': [MARKDOWN],
  'Say code': [`\`\`\`ts\n${CODE}\n\`\`\``],
  'Say hostile': HOSTILE.match(/[^]{1,40}/g) ?? [],
  'Say frames': ['data: a\n', '[DONE]\nevent: done\r\n', 'last'],
  'Say fence': [
    'Look:\n\n',
    '```js\nlet ',
    'a = 1;\n',
    'let b;',
    ...Array.from({ length: 20 }, () => '\nx()'),
    '\n```\n',
  ],
  'Say paragraphs': Array.from({ length: 20 }, (_, index) => `w${index}.\n\n`),
};

describe.skipIf(!hasBrowser)('the chat in chromium', { tags: ['browser'] }, () => {
  const visit = visitLab({ says: SAYS });

  test('L25 what streamed has the elements of what came at once, and an open fence is code already', async () => {
    const { answer, ask, find, page } = visit();
    await answer('Say markdown');
    await answer('Say whole');
    const [streamed, whole] = await find('answer').evaluateAll((all) => all.map(({ innerHTML }) => innerHTML));

    await ask(`Say fence${SLOWLY}`);
    const font = await page.evaluate(async () => {
      for (;;) {
        const code = document.querySelector('[data-testid=turn][aria-busy] pre code');
        if (code?.textContent.includes('x()') === true) return getComputedStyle(code).fontFamily;
        await new Promise(requestAnimationFrame);
      }
    });
    await visit().ended();

    expect(streamed).toBe(whole);
    expect(streamed).toContain('<th class="end">n</th>');
    expect(font).toContain('monospace');
    expect(await find('answer').last().locator('pre code').textContent()).toMatch(
      /^let a = 1;\nlet b;(?:\nx\(\)){20}$/,
    );
  });

  test('finished code has colors, and its text stays as it was', async () => {
    const { answer, find } = visit();

    await answer('Say code');

    const code = find('answer').last().locator('pre code');
    const spans = await code
      .locator('span')
      .evaluateAll((all) => all.map((each) => [each.className, each.textContent]));
    expect(spans).toEqual([
      ['word', 'const'],
      ['number', '1'],
      ['comment', '// "one"'],
      ['word', 'return'],
      ['string', '`a // b`'],
      ['comment', '/* open'],
    ]);
    expect(await code.textContent()).toBe(CODE);
  });

  test('L26 hostile Markdown stays text: no script, no image, no request elsewhere, no other address than of a page', async () => {
    const { answer, find, page } = visit();
    const requested: string[] = [];
    page.on('request', (request) => requested.push(new URL(request.url()).origin));

    await answer('Say hostile');

    page.removeAllListeners('request');
    const last = find('answer').last();
    const forbidden =
      'script, img, svg:not(.icon), iframe, style, base, form, input, object, [onclick], [onerror], [onload]';
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
    await turn.getByRole('button', { name: 'Copied' }).waitFor();
    const code = await pasted();
    await turn.locator('.actions').getByTestId('copy').click();
    await expect.poll(pasted).toBe(MARKDOWN);

    expect(code).toBe('const a = 1;\n\n// two');
  });

  test('the note of an answer has its model, both times, and its tokens', async () => {
    const { answer, find } = visit();

    await answer('What is Python?');

    expect(await find('note').last().textContent()).toMatch(
      /^Demo model · first word [\d.]+ m?s · [\d.]+ m?s in all · 23 updates · \d+ tokens in, \d+ out$/,
    );
  });

  test('a growing answer renders only its end again, and the wire adds each frame once', async () => {
    const { ask, find } = visit();
    await ask(`Say paragraphs${SLOWLY}`);
    const first = find('answer').last().locator('p').first();
    await find('answer').last().locator('p').nth(2).waitFor();

    await first.evaluate((paragraph) => paragraph.toggleAttribute('data-seen', true));
    await find('frame')
      .first()
      .evaluate((frame) => frame.toggleAttribute('data-seen', true));
    await visit().ended('done');
    await find('frame').filter({ hasText: 'done' }).waitFor();

    expect(await find('answer').last().locator('p').count()).toBe(20);
    expect(await first.getAttribute('data-seen')).toBe('');
    expect(await find('frame').first().getAttribute('data-seen')).toBe('');
    expect(await find('frame').count()).toBe(24);
  });
});
