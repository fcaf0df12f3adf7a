// Colors for code: comments, strings, numbers and words, found by one pattern for most languages.
import { type Child, h } from '../../dom.ts';

const WORDS = [
  'abstract and as async await break case catch class const continue def default delete do elif else enum except export',
  'extends false final finally fn for from func function if implements import in interface is lambda let match module mut',
  'new nil none None not null of or package pass private protected pub public raise return self static struct super',
  'switch this throw true True False try type typeof use val var void while with yield',
  'SELECT FROM WHERE INSERT INTO VALUES UPDATE SET DELETE CREATE TABLE JOIN ON AND OR NOT NULL ORDER BY GROUP LIMIT AS',
];
const WITH_HASH = /^(?:py|python|sh|bash|shell|zsh|ya?ml|toml|rb|ruby|r|perl|dockerfile|make(?:file)?)$/;
const PLAIN = /^(?:|te?xt|plain|md|markdown|csv|log|output|console|diff)$/;
/** Searching longer code would block the page. */
const MAX_CHARS = 20_000;

const REST = [
  String.raw`(?<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\x60(?:[^\x60\\]|\\[^])*\x60)`,
  String.raw`(?<number>\b\d[\w.]*)`,
  String.raw`(?<word>\b(?:${WORDS.join(' ').replaceAll(' ', '|')})\b)`,
].join('|');
const HASH = new RegExp(String.raw`(?<comment>#.*)|${REST}`, 'g');
const SLASH = new RegExp(String.raw`(?<comment>(?<!:)//.*|/\*(?:[^*]|\*(?!/))*(?:\*/|$)|-- .*)|${REST}`, 'g');

/** The code as text, with what has a color in a `span` of that class. */
export function highlighted(code: string, language: string): Child[] {
  const name = language.toLowerCase();
  if (PLAIN.test(name) || code.length > MAX_CHARS) return [code];
  const children: Child[] = [];
  let end = 0;
  for (const match of code.matchAll(WITH_HASH.test(name) ? HASH : SLASH)) {
    const kind = Object.entries(match.groups ?? {}).find(([, found]) => found !== undefined)?.[0] ?? '';
    children.push(code.slice(end, match.index), h('span', { class: kind }, match[0]));
    end = match.index + match[0].length;
  }
  return [...children, code.slice(end)];
}
