// Markdown parsing: blocks, inline content, and that streaming gives the same blocks as the whole text.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Block, readBlocks } from '../../src/page/browser/chat/markdown/blocks.ts';
import { GrowingText } from '../../src/page/browser/chat/markdown/growing-text.ts';
import { type Inline, readInline } from '../../src/page/browser/chat/markdown/inline.ts';

describe('blocks', () => {
  test.for([
    ['# One\nTwo\nthree', ['heading 1 One', 'paragraph Two\nthree']],
    ['a\n\nb', ['paragraph a', 'paragraph b']],
    ['```ts\nlet a;\n\n# no heading\n```\nb', ['code ts let a;\n\n# no heading', 'paragraph b']],
    ['~~~~\n```\n~~~~', ['code  ```']],
    ['```\nstill open', ['code  still open']],
    ['- a\n- b\n  - c\n\n  d\ne\n\nf', ['list - [a] [b, list - [c], d\ne]', 'paragraph f']],
    ['1. a\n   ```\n   x\n   ```\n2. b', ['list 1 [a, code  x] [b]']],
    ['3) a\n- b', ['list 3 [a]', 'list - [b]']],
    ['It was\n1991. Then', ['paragraph It was\n1991. Then']],
    ['> a\n> - b\nc', ['quote a, list - [b]', 'paragraph c']],
    ['a\n---\n***', ['paragraph a', 'rule', 'rule']],
    ['| a | b |\n|--:|---|\n| 1 \\| 2 |\nc', ['table end,start a,b;1 | 2,', 'paragraph c']],
    ['a | b\nno table', ['paragraph a | b\nno table']],
    ['#hashtag', ['paragraph #hashtag']],
    ['a\r\nb', ['paragraph a\nb']],
  ] as const)('%j', ([text, expected]) => {
    const { finished } = new GrowingText().read(text, true);

    expect(finished.map(brief)).toEqual(expected);
  });

  test('a text that comes in any pieces has the blocks that it has as a whole, and none that was finished changes', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '',
        '- a',
        '  - b',
        '1. c',
        '2. d',
        '> e',
        '```ts',
        '```',
        '# f',
        '| a | b |',
        '|---|---|',
        '---',
      ),
      fc.string({ maxLength: 6, unit: fc.constantFrom('a', ' ', '#', '-', '|', '`', '>', '1', '.', '\t') }),
    );
    const texts = fc.array(line, { maxLength: 14 }).map((lines) => lines.join('\n'));

    fc.assert(
      fc.property(texts, fc.array(fc.nat(80), { maxLength: 8 }), (text, cuts) => {
        const growing = new GrowingText();
        const seen: string[] = [];
        for (const cut of cuts.toSorted((one, other) => one - other))
          seen.push(...growing.read(text.slice(0, cut), false).finished.map(brief));
        seen.push(...growing.read(text, true).finished.map(brief));
        expect(seen).toEqual(readBlocks(text.split('\n')).map(brief));
      }),
      { numRuns: 500 },
    );
  });

  test('a long text is read once: what is finished is not read again', () => {
    const growing = new GrowingText();
    const text = Array.from({ length: 2_000 }, (_, index) => `Paragraph ${index}.\n\n`).join('');

    const kept = Array.from({ length: 200 }, (_, index) => growing.read(text.slice(0, (index + 1) * 150), false));

    expect(Math.max(...kept.map(({ open }) => open.length))).toBeLessThanOrEqual(2);
  });
});

describe('lines', () => {
  test.for([
    ['**a** and *b* and _c_ and ~~d~~', ['strong[a]', ' and ', 'em[b]', ' and ', 'em[c]', ' and ', 'del[d]']],
    ['**a *b* `c`**', ['strong[a ,em[b], ,code c]']],
    ['`` a ` b ``', ['code a ` b']],
    ['2 * 3 * 4, snake_case_name, __init__', ['2 * 3 * 4, snake_case_name, ', 'strong[init]']],
    ['\\*a\\* \\`b\\`', ['*a* `b`']],
    ['[a **b**](https://x.y/z_(w) "t")', ['link https://x.y/z_(w) [a ,strong[b]]']],
    ['![an image](https://x.y/i.png)', ['link https://x.y/i.png [an image]']],
    ['see https://x.y/a?b=c&d. Or <b>', ['see ', 'link https://x.y/a?b=c&d [https://x.y/a?b=c&d]', '. Or <b>']],
    [
      '[a](javascript:alert(1)) [b](data:text/html,x) [c](/runs)',
      ['[a](javascript:alert(1)) [b](data:text/html,x) [c](/runs)'],
    ],
    ['a<br>b', ['a\nb']],
  ] as const)('%j', ([text, expected]) => {
    expect(readInline(text).map(briefInline)).toEqual(expected);
  });

  test('what is opened while the text grows counts as closed, until the text is whole', () => {
    const shown = ['**bo', 'run `np'].map((text) => [readInline(text, true), readInline(text, false)]);

    expect(shown.map((pair) => pair.map((inlines) => inlines.map(briefInline)))).toEqual([
      [['strong[bo]'], ['**bo']],
      [['run ', 'code np'], ['run `np']],
    ]);
  });

  test.for(['**a ', '*a ', '`', '[', '[a](', '_a ', '~~a', '![[', 'https://', '> ', '- '])(
    'fifty thousand characters of %j take no time',
    (piece) => {
      const text = piece.repeat(50_000 / piece.length);
      const before = process.threadCpuUsage();

      for (const block of readBlocks([text])) if ('text' in block) readInline(block.text);
      readInline(text.slice(0, 9_999), true);

      // Processor time: the clock also counts what other processes compute.
      expect(process.threadCpuUsage(before).user).toBeLessThan(1_000_000);
    },
  );
});

function brief(block: Block): string {
  switch (block.type) {
    case 'heading':
      return `heading ${block.depth} ${block.text}`;
    case 'paragraph':
      return `paragraph ${block.text}`;
    case 'code':
      return `code ${block.language} ${block.text}`;
    case 'quote':
      return `quote ${inside(block.blocks)}`;
    case 'list':
      return `list ${block.start ?? '-'} ${block.items.map((item) => `[${inside(item)}]`).join(' ')}`;
    case 'table':
      return `table ${block.aligns.join()} ${block.rows.map((row) => row.join()).join(';')}`;
    case 'rule':
      return 'rule';
  }
}

function inside(blocks: readonly Block[]): string {
  return blocks.map((each) => brief(each).replace(/^paragraph /, '')).join(', ');
}

function briefInline(inline: Inline): string {
  if (inline.type === 'text') return inline.text;
  if (inline.type === 'code') return `code ${inline.text}`;
  const words = `[${inline.inside.map(briefInline).join()}]`;
  return inline.type === 'link' ? `link ${inline.href} ${words}` : `${inline.type}${words}`;
}
