// A relative link must lead somewhere; one to a test must carry the title of a test in that file.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Page, readPage } from './markdown.ts';

/** What is wrong with the links of a page, one line each. */
export function brokenLinks(page: Page): string[] {
  return page.links.flatMap(({ line, text, target }) => {
    const problem = /^[a-z]+:/.test(target) ? null : problemOf(page, text, target);
    return problem === null ? [] : [`${page.file}:${line}: ${target}: ${problem}`];
  });
}

function problemOf(page: Page, text: string, target: string): string | null {
  const [path = '', anchor = ''] = target.split('#');
  const file = path === '' ? page.file : join(dirname(page.file), path);
  if (!existsSync(file)) return 'there is no such file';
  if (file.endsWith('.test.ts') && !readFileSync(file, 'utf8').includes(text)) return `no test "${text}" in it`;
  if (anchor === '' || !file.endsWith('.md')) return null;
  const { anchors } = file === page.file ? page : readPage(file);
  return anchors.includes(anchor) ? null : 'there is no such heading';
}
