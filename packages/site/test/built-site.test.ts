import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { brokenParts } from '../src/built-site.ts';

const REPOSITORY = 'https://github.com/turnstream/turnstream/blob/main';
let root = '';
let dist = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'turnstream-site-'));
  dist = join(root, 'dist');
  mkdirSync(join(dist, 'chapters'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dist, name), text);
}

test('links to pages, headings and files of the repository are followed, and nothing is wrong with good ones', () => {
  write({
    'index.html': `<a href="/x/chapters/01.html#idea">1</a><a href="#top">2</a><h1 id="top"></h1><a href="${REPOSITORY}/dist/index.html">3</a>`,
    'chapters/01.html': '<h2 id="idea"></h2><a href="https://example.org/">4</a><a href="../">5</a>',
  });

  expect(brokenParts({ dist, base: '/x/', root })).toEqual([]);
});

test('a missing page, heading and file, and a link outside of the base, are each named with their page', () => {
  write({
    'index.html': `<a href="/x/chapters/02.html">1</a><a href="/x/#idea">2</a><a href="/else">3</a><a href="${REPOSITORY}/gone.ts">4</a>`,
  });

  expect(brokenParts({ dist, base: '/x/', root })).toEqual([
    'index.html: /x/chapters/02.html: no such page',
    'index.html: /x/#idea: no such heading',
    'index.html: /else: outside of /x/',
    `index.html: ${REPOSITORY}/gone.ts: no such file in the repository`,
  ]);
});

test('whatever a page would load from another origin is named', () => {
  write({
    'index.html': '<script async src="https://cdn.example.org/a.js"></script><img alt="" src="/x/a.png">',
    'a.css': "@import 'https://fonts.example.org/b.css'; a { background: url(//c.example.org/d.png) }",
  });

  expect(brokenParts({ dist, base: '/x/', root })).toEqual([
    'index.html: loads https://cdn.example.org/a.js',
    'a.css: loads //c.example.org/d.png',
    'a.css: loads https://fonts.example.org/b.css',
  ]);
});
