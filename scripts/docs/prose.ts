// Finds banned idioms in prose: whole Markdown pages, and the comments and strings of sources.
import { IDIOMS } from './idioms.ts';

/** Exempts a Markdown page that quotes the idioms. */
const MARKER = '<!-- prose: quotes idioms -->';

/** A block comment, a run of line comments, or a string literal. */
const PROSE_IN_CODE =
  /\/\*.*?\*\/|\/\/[^\n]*(?:\n[ \t]*\/\/[^\n]*)*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/gs;

const RULES = IDIOMS.map(({ pattern, instead }) => ({
  pattern: new RegExp(pattern.source.replaceAll(' ', String.raw`\s+`), 'gi'),
  instead,
}));

/** The idioms in a file, one line each. */
export function bannedIdioms(file: string, text: string): string[] {
  return file.endsWith('.md') ? inPage(file, text) : inCode(file, text);
}

function inPage(file: string, text: string): string[] {
  return text.includes(MARKER) ? [] : found(file, text, 0, text);
}

function inCode(file: string, text: string): string[] {
  return [...text.matchAll(PROSE_IN_CODE)].flatMap(({ 0: prose, index }) => found(file, text, index, unmarked(prose)));
}

/** Comment marks at the start of a line become spaces, so that an idiom is found across lines and its place stays the same. */
function unmarked(prose: string): string {
  return prose.replaceAll(/(?<=\n[ \t]*)(?:\/\/|\*(?!\/))/g, (mark) => ' '.repeat(mark.length));
}

function found(file: string, text: string, start: number, prose: string): string[] {
  return RULES.flatMap(({ pattern, instead }) =>
    [...prose.matchAll(pattern)].map(({ 0: idiom, index }) => {
      const line = text.slice(0, start + index).split('\n').length;
      return `${file}:${line}: "${idiom.replaceAll(/\s+/g, ' ')}": write ${instead} (docs/style.md)`;
    }),
  );
}
