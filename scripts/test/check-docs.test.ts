import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { errorTableProblems } from '../docs/error-table.ts';
import { IDIOMS } from '../docs/idioms.ts';
import { overlongPage } from '../docs/length.ts';
import { brokenLinks } from '../docs/links.ts';
import { parsePage } from '../docs/markdown.ts';
import { masked, staleOutputs } from '../docs/outputs.ts';
import { bannedIdioms } from '../docs/prose.ts';
import { staleSnippets } from '../docs/snippets.ts';
import { untestedRows } from '../docs/tested-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'turnstream-docs-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'page.md');

writeFileSync(join(folder, 'other.md'), '# Another page\n\n## What `it` is, and why?\n\n## Twice\n');
writeFileSync(join(folder, 'a.test.ts'), "test('words come one by one', () => {});\n");
writeFileSync(
  join(folder, 'code.ts'),
  '/** Doc. */\nexport const LIMIT = 5;\n\nexport async function greet(\n  name: string,\n): Promise<string> {\n  return name;\n}\n\nconst last = 1;\n',
);

const page = (...lines: string[]) => parsePage(file, lines.join('\n'));
const fence = (info: string, ...lines: string[]) => [`\`\`\`${info}`, ...lines, '```'];

test('links to files, headings and addresses are fine', () => {
  const good = page(
    '# This page',
    'See [a page](other.md), [its part](other.md#what-it-is-and-why), [here](#this-page),',
    '[the web](https://example.org/x#y) and [`code.ts`](code.ts).',
  );

  expect(brokenLinks(good)).toEqual([]);
});

test('a link to nothing is named with its line', () => {
  const bad = page('', '[a](missing.md) [b](other.md#nowhere) [c](#nowhere)');

  expect(brokenLinks(bad)).toEqual([
    `${file}:2: missing.md: there is no such file`,
    `${file}:2: other.md#nowhere: there is no such heading`,
    `${file}:2: #nowhere: there is no such heading`,
  ]);
});

test('a link to a test file carries the title of a test in it, as its text or its title', () => {
  const links = page(
    '[words come one by one](a.test.ts) [words come at once](a.test.ts)',
    '[yes](a.test.ts "words come one by one") [yes](a.test.ts "words come at once") [one](a.test.ts)',
  );

  expect(brokenLinks(links)).toEqual([
    `${file}:1: a.test.ts: no test "words come at once" in it`,
    `${file}:2: a.test.ts: no test "words come at once" in it`,
    `${file}:2: a.test.ts: no test "one" in it`,
  ]);
});

test('a link that goes over two lines is checked, at the line where it begins', () => {
  const links = page('See [the missing', 'page](missing.md)', 'and [this one](there.md).');

  expect(brokenLinks(links)).toEqual([
    `${file}:1: missing.md: there is no such file`,
    `${file}:3: there.md: there is no such file`,
  ]);
});

test('code contains no links and no headings', () => {
  const code = page('`[a](missing.md)`', '```md', '# Title', '[b](missing.md)', '```', '[c](#title)');

  expect(brokenLinks(code)).toEqual([`${file}:6: #title: there is no such heading`]);
});

test('a snippet is the declaration of that name, or the whole file', () => {
  const greet = ['export async function greet(', '  name: string,', '): Promise<string> {', '  return name;', '}'];
  const shown = page(
    ...fence('ts source="code.ts#greet"', ...greet),
    ...fence('ts source="code.ts#LIMIT"', 'export const LIMIT = 5;'),
    ...fence('ts source="a.test.ts"', "test('words come one by one', () => {});"),
  );

  expect(staleSnippets(shown)).toEqual([]);
});

test('a generator is a declaration too', () => {
  writeFileSync(join(folder, 'generator.ts'), 'async function* words() {\n  yield 1;\n}\n');

  expect(
    staleSnippets(page(...fence('ts source="generator.ts#words"', 'async function* words() {', '  yield 1;', '}'))),
  ).toEqual([]);
});

test('a snippet that has drifted is shown as it should be', () => {
  const drifted = page(...fence('ts source="code.ts#LIMIT"', 'export const LIMIT = 4;'));

  expect(staleSnippets(drifted)).toEqual([
    `${file}:1: code.ts#LIMIT: differs from its source, which is now\nexport const LIMIT = 5;`,
  ]);
});

test('a snippet of nothing is named', () => {
  const lost = page(...fence('ts source="gone.ts"'), ...fence('ts source="code.ts#gone"'));

  expect(staleSnippets(lost)).toEqual([
    `${file}:1: gone.ts: there is no such file`,
    `${file}:3: code.ts#gone: there is no such declaration`,
  ]);
});

test('a quoted output is what the command prints in the folder of the page, on both streams, whatever the times', () => {
  const quoted = page('```text output="cat other.md >&2; echo \\"took 12 ms\\""', '## Twice', 'took 999 ms', '```');

  expect(staleOutputs(quoted)).toEqual([]);
});

test('the command of a quoted output may be its first line, for readers to see', () => {
  const good = page('```console', '$ cat other.md', '## Twice', '```');
  const stale = page('```console', '$ echo 1991', '1992', '```');
  const noCommand = page('```console', '1992', '```', '```sh', '$ echo 1991', '1992', '```');

  expect(staleOutputs(good)).toEqual([]);
  expect(staleOutputs(stale)).toEqual([`${file}:1: echo 1991 prints something else:\n1991\n`]);
  expect(staleOutputs(noCommand)).toEqual([]);
});

test('a quoted output that the command does not print comes with what it prints', () => {
  const quoted = page('```text output="echo 1991"', '1992', '```');

  expect(staleOutputs(quoted)).toEqual([`${file}:1: echo 1991 prints something else:\n1991\n`]);
});

test('a command for a quoted output sees no key', () => {
  const quoted = page('```text output="echo key=$OPENAI_API_KEY."', 'key=.', '```');
  process.env['OPENAI_API_KEY'] = 'sk-1';

  const stale = staleOutputs(quoted);

  delete process.env['OPENAI_API_KEY'];
  expect(stale).toEqual([]);
});

test('times, ids and colors are masked', () => {
  const output =
    '\u001B[2mfirst word 310 ms, whole answer 0.9 s\u001B[22m session 3f2a9c1e-0000-4000-8000-0123456789ab';

  expect(masked(output)).toBe('first word N ms, whole answer N s session UUID');
});

test('the table of error codes has the codes of the source, and the same word on trying again', () => {
  const source =
    "const CODES = {\n  // a comment\n  auth: 'never',\n  not_found: 'never',\n  rate_limited: 'later',\n  stream_cut: 'again',\n};\n";
  const rows = ['| `auth` | a | no | b |', '| `gone` | a | no | b |', '| `rate_limited` | a | yes | b |'];
  const table = [
    '| code | when | again | what to do |',
    '|---|---|---|---|',
    ...rows,
    '| `stream_cut` | a | yes | b |',
  ];

  const problems = errorTableProblems((path) => (path.endsWith('.md') ? table.join('\n') : source));

  expect(problems).toEqual([
    'docs/reference/errors.md: no row for not_found of packages/core/src/errors.ts',
    'docs/reference/errors.md: "again" of rate_limited is "yes", but packages/core/src/errors.ts means "yes, later"',
    'docs/reference/errors.md: gone is not a code of packages/core/src/errors.ts',
  ]);
});

test('a row of behavior without a link to a test is named with its line', () => {
  const pinned = '| leaving | [leaving closes](../x.test.ts) |';
  const table = [
    '| what | here |',
    '|---|---|',
    pinned,
    '| stopping | [yes](../x.test.ts "stopping stops") |',
    '| an old claim | [docs](page.md) |',
    '| theirs | nothing to pin |',
  ];

  const problems = untestedRows((path) => (path.endsWith('gotchas.md') ? table.join('\n') : pinned));

  expect(problems).toEqual(['docs/reference/gotchas.md:5: no test pins this row; link one, or say "nothing to pin"']);
});

test('a chapter has at most 1,500 words, the front page 89 lines, and other pages as many as they like', () => {
  const chapter = 'tutorials/01-first-agent/README.md';

  expect(overlongPage(chapter, 'word '.repeat(1_500))).toEqual([]);
  expect(overlongPage('docs/reference/wire.md', 'word '.repeat(1_501))).toEqual([]);
  expect(overlongPage('README.md', 'line\n'.repeat(89))).toEqual([]);
  expect(overlongPage('README.md', 'line\n'.repeat(90))).toEqual([
    'README.md: 90 lines, more than 89: move the rest to docs/README.md',
  ]);
  expect(overlongPage(chapter, 'word '.repeat(1_501))).toEqual([
    `${chapter}: 1501 words, more than 1500: move depth to docs/understand and link it`,
  ]);
});

test('an idiom on a page is named with its line and what to write instead, across a line break too', () => {
  const problems = bannedIdioms('page.md', 'Stored for\never.\n\nThe reader is told a code.');

  expect(problems).toEqual([
    'page.md:4: "is told": write name who gets what: "the caller gets an error" (docs/style.md)',
    'page.md:1: "for ever": write "indefinitely", "endlessly" (docs/style.md)',
  ]);
});

test.each([
  ['a line comment', 'const a = 1;\n// Kept for ever.\n'],
  ['line comments', 'const a = 1;\n// Kept for\n// ever.\n'],
  ['a block comment', '\n/**\n * Kept for\n * ever.\n */\n'],
  ['a string', "\nthrow new Error('kept for ever');\n"],
  ['a template', '\nconst line = `kept ${a} for ever`;\n'],
])('an idiom in %s of a source is found', (_, source) => {
  expect(bannedIdioms('a.ts', source)).toMatchObject([expect.stringContaining('"for ever"')]);
});

test('code is not prose, and a page with the marker may quote idioms', () => {
  const code = 'const whoever = handed.out(whoever);\n';
  const style = '<!-- prose: quotes idioms -->\n\nNot "kept for ever".\n';

  expect(bannedIdioms('a.ts', code)).toEqual([]);
  expect(bannedIdioms('style.md', style)).toEqual([]);
});

test.each([
  'Calls can be told apart by their ids.',
  'There are none, and there is none to add.',
  'It is none of them.',
  'It took up to 19 seconds.',
  'It is no longer open, and that is no more than 3.',
  'An input field, handled in the loop, which goes from one to the next.',
])('good English passes: %s', (sentence) => {
  expect(bannedIdioms('page.md', sentence)).toEqual([]);
});

test('the style page shows every idiom', () => {
  const style = readFileSync(new URL('../../docs/style.md', import.meta.url), 'utf8');
  const missing = IDIOMS.filter(({ pattern }) => !new RegExp(pattern.source, 'i').test(style));

  expect(missing).toEqual([]);
});
