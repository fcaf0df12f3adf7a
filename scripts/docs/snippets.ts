// A code fence with `source="file.ts#name"` shows that declaration as it stands in the file; without `#name`, all of it.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from './markdown.ts';

/** The snippets of a page that differ from their source, one line each. */
export function staleSnippets(page: Page): string[] {
  return page.fences.flatMap(({ line, attributes, text }) => {
    const source = attributes.get('source');
    if (source === undefined) return [];
    const [path = '', name] = source.split('#');
    const file = join(dirname(page.file), path);
    const at = `${page.file}:${line}: ${source}`;
    if (!existsSync(file)) return [`${at}: there is no such file`];
    const code = readFileSync(file, 'utf8').trimEnd();
    const expected = name === undefined ? code : declaration(code, name);
    if (expected === null) return [`${at}: there is no such declaration`];
    return expected === text ? [] : [`${at}: differs from its source, which is now\n${expected}`];
  });
}

/** A top-level declaration without its comment. Code is formatted, so it ends with its `;` or at the first `}` in column 0. */
export function declaration(code: string, name: string): string | null {
  const lines = code.split('\n');
  const start = lines.findIndex((line) =>
    new RegExp(`^(export )?(async )?(function\\*?|class|const|interface|type) ${name}\\b`).test(line),
  );
  if (start === -1) return null;
  const length = lines
    .slice(start)
    .findIndex((line, index) => line.startsWith('}') || (index === 0 && line.endsWith(';')));
  return length === -1 ? null : lines.slice(start, start + length + 1).join('\n');
}
