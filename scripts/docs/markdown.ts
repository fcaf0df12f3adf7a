// The parts of a Markdown page that can be wrong: code fences, links and headings.
import { readFileSync } from 'node:fs';

export interface Fence {
  readonly line: number;
  /** Such as `ts` or `console`; empty when there is none. */
  readonly language: string;
  /** What follows the language: `source="…"`, `output="…"`. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly text: string;
}

export interface Link {
  readonly line: number;
  /** Its title, `[label](target "title")`, or else its label. */
  readonly text: string;
  readonly target: string;
}

export interface Page {
  readonly file: string;
  readonly fences: Fence[];
  readonly links: Link[];
  readonly headings: string[];
}

export function readPage(file: string): Page {
  return parsePage(file, readFileSync(file, 'utf8'));
}

export function parsePage(file: string, markdown: string): Page {
  const page: Page = { file, fences: [], links: [], headings: [] };
  let open: { line: number; info: string; lines: string[] } | null = null;
  for (const [index, text] of markdown.split('\n').entries()) {
    if (open === null) {
      if (text.startsWith('```')) open = { line: index + 1, info: text.slice(3), lines: [] };
      else if (/^#+ /.test(text)) page.headings.push(text.replace(/^#+ /, ''));
      page.links.push(...linksIn(text, index + 1));
    } else if (text === '```') {
      const language = /^\w*/.exec(open.info)?.[0] ?? '';
      const attributes = attributesOf(open.info);
      page.fences.push({ line: open.line, language, attributes, text: open.lines.join('\n') });
      open = null;
    } else open.lines.push(text);
  }
  return page;
}

function attributesOf(info: string): ReadonlyMap<string, string> {
  const attributes = info.matchAll(/(\w+)="((?:\\.|[^"])*)"/g);
  return new Map([...attributes].map(([, name = '', value = '']) => [name, value.replaceAll('\\"', '"')]));
}

function linksIn(text: string, line: number): Link[] {
  const withoutCode = text.replaceAll(/`[^`]*`/g, (code) => code.replaceAll(/[[\]()`]/g, ' '));
  const links = withoutCode.matchAll(/\[([^\]]*)\]\(([^)\s]+)(?: "([^"]*)")?\)/g);
  return [...links].map(([, label = '', target = '', title]) => ({ line, text: title ?? label.trim(), target }));
}
