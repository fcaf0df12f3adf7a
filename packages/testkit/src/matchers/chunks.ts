// Checks whether a text really arrived in chunks, and in which ones.

export interface MatchResult {
  readonly pass: boolean;
  readonly message: () => string;
  readonly actual?: unknown;
  readonly expected?: unknown;
}

export function streamedInChunks(
  updates: readonly { readonly text: string }[],
  expected: readonly string[] | number,
): MatchResult {
  const chunks = updates.map((update) => update.text).filter((text) => text !== '');
  const came = `came in ${chunks.length}: ${JSON.stringify(chunks)}`;
  if (typeof expected === 'number') {
    const pass = chunks.length === expected;
    return {
      pass,
      message: () => `expected the text ${pass ? 'not ' : ''}to come in ${expected} chunks, and it ${came}`,
    };
  }
  const pass = chunks.length === expected.length && chunks.every((text, index) => text === expected[index]);
  const message = (): string =>
    `expected the text ${pass ? 'not ' : ''}to come in the chunks ${JSON.stringify(expected)}, and it ${came}`;
  return { pass, message, actual: chunks, expected };
}
