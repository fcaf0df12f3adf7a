// A relative link must lead somewhere; one to a test must carry the title of a test in that file, as its text or its title.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Link, type Page, readPage } from './markdown.ts';

/** What is wrong with the links of a page, one line each. */
export function brokenLinks(page: Page): string[] {
  return page.links.flatMap((link) => {
    const problem = /^[a-z]+:/.test(link.target) ? null : problemOf(page, link);
    return problem === null ? [] : [`${page.file}:${link.line}: ${link.target}: ${problem}`];
  });
}

function problemOf(page: Page, { text, target }: Link): string | null {
  const [path = '', anchor] = target.split('#');
  const file = join(dirname(page.file), path);
  if (path !== '' && !existsSync(file)) return 'there is no such file';
  if (/\.(?:test|long)\.ts$/.test(path) && !hasTitle(readFileSync(file, 'utf8'), text))
    return `no test "${text}" in it`;
  if (anchor === undefined) return null;
  const { headings } = path === '' ? page : readPage(file);
  return headings.map(anchorOf).includes(anchor) ? null : 'there is no such heading';
}

/** Part of a title is enough, but a word or two could be anywhere in the file. */
function hasTitle(source: string, text: string): boolean {
  return text.split(/[ _]/).length > 2 && source.includes(text);
}

/** As GitHub names it: lower case, no punctuation, hyphens for spaces. */
export function anchorOf(heading: string): string {
  const words = heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, '');
  return words.trim().replaceAll(/\s/g, '-');
}
