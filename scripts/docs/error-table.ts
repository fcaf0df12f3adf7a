// The table of error codes is equal to the union in core, in both directions.
const TABLE = 'docs/reference/errors.md';
const UNION = 'packages/core/src/errors.ts';

/** What the table misses or has too much, one line each; `read` gives the text of a file. */
export function errorTableProblems(read: (file: string) => string): string[] {
  const documented = [...read(TABLE).matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code);
  const declared = [...read(UNION).matchAll(/^ {2}\| '(\w+)'/gm)].map(([, code]) => code);
  return [
    ...declared.filter((code) => !documented.includes(code)).map((code) => `${TABLE}: no row for ${code} of ${UNION}`),
    ...documented.filter((code) => !declared.includes(code)).map((code) => `${TABLE}: ${code} is no code of ${UNION}`),
  ];
}
