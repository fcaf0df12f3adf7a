// A chapter is read in one sitting and the front page at a glance: how long they may be, code and output included.
const MAX_WORDS = 1_500;
const MAX_LINES = 89;

/** One line when the page is a chapter or the front page and too long; `text` is all of it. */
export function overlongPage(file: string, text: string): string[] {
  const words = text.split(/\s+/).filter((word) => word !== '').length;
  const lines = text.trimEnd().split('\n').length;
  if (/^tutorials\/[^/]+\/README\.md$/.test(file) && words > MAX_WORDS)
    return [`${file}: ${words} words, more than ${MAX_WORDS}: move depth to docs/understand and link it`];
  if (file === 'README.md' && lines > MAX_LINES)
    return [`${file}: ${lines} lines, more than ${MAX_LINES}: move the rest to docs/README.md`];
  return [];
}
