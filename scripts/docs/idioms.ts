// Idioms that a native engineer would not write, each with what to write instead. docs/style.md explains them.

export interface Idiom {
  /** Matched without case; a space matches any white space, a line break in a comment included. */
  readonly pattern: RegExp;
  readonly instead: string;
}

export const IDIOMS: readonly Idiom[] = [
  {
    pattern: /\b(?:is|are|was|were|be|been|being) told\b(?! apart| from| by)/,
    instead: 'name who gets what: "the caller gets an error"',
  },
  { pattern: /(?<!there )\b(?:is|was) none\b(?! of)/, instead: '"is not one", or name the case' },
  { pattern: /\bstands? behind\b/, instead: '"follows", "comes after"' },
  { pattern: /\bone behind the other\b/, instead: '"one after the other"' },
  { pattern: /\bwhoever\b/, instead: '"anyone who", or name the role' },
  {
    pattern: /\bwho (?:asks|looks|reads|leaves|wants|needs) (?:is|gets|has|may|must)\b/,
    instead: 'name the role: "a reader that leaves"',
  },
  { pattern: /\bhand(?:s|ed|ing)? (?:out|in)\b/, instead: '"returns", "yields", "passes in"' },
  { pattern: /\b(?:goes|go|went|going) on from\b/, instead: '"continues", "resumes after"' },
  { pattern: /\b(?:taken|took) up\b(?! to)/, instead: '"resumed"' },
  { pattern: /\bfor ever\b/, instead: '"indefinitely", "endlessly"' },
  { pattern: /\bunless told\b/, instead: '"by default"' },
  { pattern: /\b(?:is|are) to be\b/, instead: '"must be", "should be", or the active voice' },
  { pattern: /\bas ever\b/, instead: '"as usual"' },
  { pattern: /\bslow and dear\b|\bdearer\b/, instead: '"expensive"' },
  { pattern: /\bmend(?:s|ed|ing)?\b/, instead: '"fix", "correct"' },
  {
    pattern: /\b(?:it|that|this|which) is no (?!longer|more|less|better|way|need|other|one\b|such)/,
    instead: '"is not a"',
  },
  {
    pattern: /(?<!there )\b(?:is|are) no (?:answer|call|error|event|link|list|misuse|object|part of|prefix|text)\b/,
    instead: '"is not a"',
  },
];
