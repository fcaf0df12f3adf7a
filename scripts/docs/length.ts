// A chapter is read in one sitting: no page of the learning path has more than 1,500 words, code and output included.
const MAX_WORDS = 1_500;

/** One line when the page is a chapter and too long; `text` is all of it. */
export function overlongChapter(file: string, text: string): string[] {
  const words = text.split(/\s+/).filter((word) => word !== '').length;
  if (!/^tutorials\/[^/]+\/README\.md$/.test(file) || words <= MAX_WORDS) return [];
  return [`${file}: ${words} words, more than ${MAX_WORDS}: move depth to docs/understand and link it`];
}
