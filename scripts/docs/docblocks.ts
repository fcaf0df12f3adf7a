// The documentation comments of a source file as a page, so that their examples are checked like those of a page.
import { type Page, parsePage } from './markdown.ts';

/** Lines keep their numbers: what is not in a documentation comment becomes an empty line. */
export function docblockPage(file: string, code: string): Page {
  let isInside = false;
  const lines = code.split('\n').map((line) => {
    if (/^\s*\/\*\*/.test(line)) isInside = true;
    const text = isInside ? line.replace(/^\s*(?:\/\*\*|\*\/|\* ?)/, '') : '';
    if (line.includes('*/')) isInside = false;
    return text;
  });
  return parsePage(file, lines.join('\n'));
}
