// The parts of a Markdown page that can be wrong: code fences, links and headings.
import { readFileSync } from 'node:fs';

export interface Fence {
  readonly line: number;
  /** What stands behind the language: `source="…"`, `output="…"`. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly text: string;
}

export interface Link {
  readonly line: number;
  readonly text: string;
  readonly target: string;
}

export interface Page {
  readonly file: string;
  readonly fences: readonly Fence[];
  readonly links: readonly Link[];
  /** What a link's `#…` may name. */
  readonly anchors: readonly string[];
}

export function readPage(file: string): Page {
  return parsePage(file, readFileSync(file, 'utf8'));
}

export function parsePage(file: string, markdown: string): Page {
  const fences: Fence[] = [];
  const links: Link[] = [];
  const headings: string[] = [];
  let open: { line: number; info: string; lines: string[] } | null = null;
  for (const [index, text] of markdown.split('\n').entries()) {
    const line = index + 1;
    if (open === null && text.startsWith('```')) open = { line, info: text.slice(3), lines: [] };
    else if (open !== null && text === '```') {
      fences.push({ line: open.line, attributes: attributesOf(open.info), text: open.lines.join('\n') });
      open = null;
    } else if (open !== null) open.lines.push(text);
    else {
      const heading = /^#+ (.+)$/.exec(text)?.[1];
      if (heading !== undefined) headings.push(heading);
      links.push(...linksIn(text, line));
    }
  }
  return { file, fences, links, anchors: anchorsOf(headings) };
}

function attributesOf(info: string): ReadonlyMap<string, string> {
  return new Map(
    [...info.matchAll(/(\w+)="((?:\\.|[^"])*)"/g)].map(([, name = '', value = '']) => [
      name,
      value.replaceAll('\\"', '"'),
    ]),
  );
}

function linksIn(text: string, line: number): Link[] {
  const withoutCode = text.replaceAll(/`[^`]*`(?!\]\()/g, (code) => (text.includes(`[${code}`) ? code : ''));
  return [...withoutCode.matchAll(/\[([^\]]*)\]\(([^)\s]+)\)/g)].map(([, label = '', target = '']) => ({
    line,
    text: label.replaceAll('`', ''),
    target,
  }));
}

/** As GitHub names them: lower case, no punctuation, hyphens for spaces, a number behind a repeated one. */
function anchorsOf(headings: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return headings.map((heading) => {
    const anchor = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-');
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return times === 0 ? anchor : `${anchor}-${times}`;
  });
}
