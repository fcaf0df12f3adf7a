// The Markdown of a task as lines for a terminal: paragraphs and list items wrapped, code unchanged.
import { stripVTControlCharacters } from 'node:util';
import type { Paint } from './window.ts';

/** No line is longer than `width`, except for code and words that are. */
export function rendered(markdown: string, width: number, paint: Paint): string[] {
  const lines: string[] = [];
  let block: string[] = [];
  const endBlock = (): void => {
    if (block.length > 0) lines.push(...blockLines(block.join(' '), width, paint));
    block = [];
  };
  let isCode = false;
  for (const line of markdown.split('\n')) {
    const isFence = line.startsWith('```');
    if (isCode || isFence || line.trim() === '' || BULLET.test(line)) endBlock();
    if (isFence) isCode = !isCode;
    else if (isCode) lines.push(paint('cyan', `    ${line}`));
    else if (line.trim() === '') lines.push('');
    else block.push(line.trim());
  }
  endBlock();
  return lines;
}

/** The prefix of a list item. */
const BULLET = /^\s*(?:[-*]|\d+\.) /;

/** A paragraph or a list item. */
function blockLines(text: string, width: number, paint: Paint): string[] {
  const [bullet = ''] = BULLET.exec(text) ?? [];
  const rest = ' '.repeat(bullet.length);
  return wrapped(inline(text.slice(bullet.length), paint), width, { first: bullet, rest });
}

function inline(text: string, paint: Paint): string {
  return text
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/\*\*([^*]+)\*\*/g, (_, bold: string) => paint('bold', bold))
    .replaceAll(/`([^`]+)`/g, (code) => paint('cyan', code));
}

/** The prefixes of the first line and of the others. */
interface Margin {
  readonly first?: string;
  readonly rest?: string;
}

/** Breaks at spaces; the prefix counts towards the width. */
export function wrapped(text: string, width: number, { first = '', rest = '' }: Margin = {}): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    const longer = isEmpty ? line + word : `${line} ${word}`;
    if (!isEmpty && visibleLength(longer) > width) {
      lines.push(line);
      line = rest + word;
    } else line = longer;
    isEmpty = false;
  }
  return [...lines, line];
}

function visibleLength(text: string): number {
  return stripVTControlCharacters(text).length;
}
