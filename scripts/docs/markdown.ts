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
  let paragraph: string[] = [];
  for (const [index, text] of [...markdown.split('\n'), ''].entries()) {
    if (open === null) {
      const isFence = text.startsWith('```');
      if (isFence) open = { line: index + 1, info: text.slice(3), lines: [] };
      else if (/^#+ /.test(text)) page.headings.push(text.replace(/^#+ /, ''));
      if (text !== '' && !isFence) paragraph.push(text);
      else {
        page.links.push(...linksIn(paragraph.join('\n'), index + 1 - paragraph.length));
        paragraph = [];
      }
    } else if (text === '```') {
      const language = /^\w*/.exec(open.info)?.[0] ?? '';
      const attributes = attributesOf(open.info);
      page.fences.push({ line: open.line, language, attributes, text: open.lines.join('\n') });
      open = null;
    } else open.lines.push(text);
  }
  return page;
}

export function attributesOf(info: string): ReadonlyMap<string, string> {
  const attributes = info.matchAll(/(\w+)="((?:\\.|[^"])*)"/g);
  return new Map([...attributes].map(([, name = '', value = '']) => [name, value.replaceAll('\\"', '"')]));
}

/** The links of a paragraph, whose labels and titles may go over several lines. `line` is its first. */
function linksIn(paragraph: string, line: number): Link[] {
  const withoutCode = paragraph.replaceAll(/`[^`]*`/g, (code) => code.replaceAll(/[[\]()`]/g, ' '));
  const links = withoutCode.matchAll(/\[([^\]]*)\]\(([^)\s]+)(?:\s+"([^"]*)")?\)/g);
  return [...links].map(({ 1: label = '', 2: target = '', 3: title = label, index }) => ({
    line: line + withoutCode.slice(0, index).split('\n').length - 1,
    text: title.trim().replaceAll(/\s+/g, ' '),
    target,
  }));
}
