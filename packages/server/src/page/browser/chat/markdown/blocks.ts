// Splits Markdown into blocks, line by line. No block refers to another one, and no decision looks further ahead than the
// next line, so once a block has started, later text cannot change the blocks before it.

export type Align = 'start' | 'center' | 'end';

export type Block = { readonly line: number } & (
  | { readonly type: 'paragraph' | 'heading'; readonly depth: number; readonly text: string }
  | { readonly type: 'code'; readonly language: string; readonly text: string }
  | { readonly type: 'quote'; readonly blocks: readonly Block[] }
  | { readonly type: 'list'; readonly start: number | null; readonly items: readonly (readonly Block[])[] }
  | { readonly type: 'table'; readonly aligns: readonly Align[]; readonly rows: readonly (readonly string[])[] }
  | { readonly type: 'rule' }
);

const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})[ \t]*([^\s`]*)/;
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/;
const RULE = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])([ \t]+|$)/;
const DELIMITERS = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;
/** A hostile text could nest without limit. */
const MAX_DEPTH = 12;

/** `line` of a block is the index of its first line. Quotes and lists contain blocks. */
export function readBlocks(lines: readonly string[], depth = 0): Block[] {
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    if (isBlank(lines[at])) at += 1;
    else {
      const { block, next } = readBlock(lines, at, depth);
      blocks.push(block);
      at = next;
    }
  }
  return blocks;
}

/** A block, and the index of the line after it. */
interface Read {
  readonly block: Block;
  readonly next: number;
}

function readBlock(lines: readonly string[], line: number, depth: number): Read {
  const first = lines[line] ?? '';
  const fence = FENCE.exec(first);
  if (fence !== null) return readCode(lines, line, fence);
  const heading = HEADING.exec(first);
  if (heading !== null) {
    const [, marks = '', text = ''] = heading;
    return { block: { type: 'heading', line, depth: marks.length, text }, next: line + 1 };
  }
  if (RULE.test(first)) return { block: { type: 'rule', line }, next: line + 1 };
  if (depth < MAX_DEPTH && QUOTE.test(first)) return readQuote(lines, line, depth);
  if (depth < MAX_DEPTH && ITEM.test(first)) return readList(lines, line, depth);
  if (isTable(lines, line)) return readTable(lines, line);
  return readParagraph(lines, line);
}

/** An unclosed fence reaches to the end of the text. */
function readCode(lines: readonly string[], line: number, [, fence = '', language = '']: RegExpExecArray): Read {
  const closing = new RegExp(`^ {0,3}${fence[0]}{${fence.length},}[ \\t]*$`);
  const found = lines.findIndex((each, index) => index > line && closing.test(each));
  const end = found < 0 ? lines.length : found;
  const text = lines.slice(line + 1, end).join('\n');
  return { block: { type: 'code', line, language, text }, next: end + 1 };
}

function readQuote(lines: readonly string[], line: number, depth: number): Read {
  const next = endOf(lines, line, (each) => QUOTE.test(each));
  const inside = lines.slice(line, next).map((each) => each.replace(QUOTE, ''));
  return { block: { type: 'quote', line, blocks: readBlocks(inside, depth + 1) }, next };
}

function readList(lines: readonly string[], line: number, depth: number): Read {
  const kind = kindOf(lines[line] ?? '');
  const items: string[][] = [];
  let indent = 0;
  let inside = 0;
  let at = line;
  for (; at < lines.length; at += 1) {
    const each = lines[at] ?? '';
    const item = RULE.test(each) ? null : ITEM.exec(each);
    const isInside = items.length > 0 && indentOf(each) >= inside;
    if (item !== null && !isInside) {
      if (kindOf(each) !== kind) break;
      indent = item[0].length;
      // CommonMark asks for three columns under "1.", but models often use two.
      inside = (item[1]?.length ?? 0) + 2;
      items.push([each.slice(indent)]);
    } else if (isInside || isBlank(each) || !(isBlank(lines[at - 1]) || startsBlock(lines, at)))
      items.at(-1)?.push(withoutIndent(each, indent));
    else break;
  }
  const number = Number.parseInt(lines[line] ?? '', 10);
  const start = Number.isNaN(number) ? null : number;
  return { block: { type: 'list', line, start, items: items.map((item) => readBlocks(item, depth + 1)) }, next: at };
}

/** Another bullet or delimiter starts another list. */
function kindOf(line: string): string {
  return ITEM.exec(line)?.[2]?.at(-1) ?? '';
}

function isTable(lines: readonly string[], line: number): boolean {
  const [head = '', delimiters = ''] = lines.slice(line, line + 2);
  return (
    head.includes('|') &&
    delimiters.includes('|') &&
    DELIMITERS.test(delimiters) &&
    cellsOf(head).length === cellsOf(delimiters).length
  );
}

function readTable(lines: readonly string[], line: number): Read {
  const next = endOf(lines, line + 2, (each) => each.includes('|'));
  const [head = [], delimiters = [], ...rows] = lines.slice(line, next).map(cellsOf);
  const aligns = delimiters.map((each): Align => {
    if (!each.endsWith(':')) return 'start';
    return each.startsWith(':') ? 'center' : 'end';
  });
  const even = rows.map((row) => head.map((_, index) => row[index] ?? ''));
  return { block: { type: 'table', line, aligns, rows: [head, ...even] }, next };
}

function cellsOf(line: string): string[] {
  const bare = line.trim().replace(/^\||(?<!\\)\|$/g, '');
  return bare.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function readParagraph(lines: readonly string[], line: number): Read {
  let next = line + 1;
  while (next < lines.length && !isBlank(lines[next]) && !startsBlock(lines, next)) next += 1;
  return { block: { type: 'paragraph', line, depth: 0, text: lines.slice(line, next).join('\n').trimEnd() }, next };
}

/** Whether this line ends a paragraph. Only a list that starts with 1 does, or a year such as "1991." would. */
function startsBlock(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? '';
  const item = ITEM.exec(line);
  const isItem = item !== null && /^(?:[-*+]|1[.)])$/.test(item[2] ?? '') && line.length > item[0].length;
  return isItem || [FENCE, HEADING, RULE, QUOTE].some((start) => start.test(line)) || isTable(lines, at);
}

function endOf(lines: readonly string[], from: number, isInside: (line: string) => boolean): number {
  let at = from;
  while (at < lines.length && isInside(lines[at] ?? '')) at += 1;
  return at;
}

/** In columns; a tab counts as four. */
function indentOf(line: string): number {
  const [indent = ''] = /^[ \t]*/.exec(line) ?? [];
  return indent.replaceAll('\t', '    ').length;
}

function withoutIndent(line: string, columns: number): string {
  let at = 0;
  for (let column = 0; column < columns && (line[at] === ' ' || line[at] === '\t'); at += 1)
    column += line[at] === ' ' ? 1 : 4;
  return line.slice(at);
}

function isBlank(line: string | undefined): boolean {
  return line === undefined || line.trim() === '';
}
