// The table of error codes is equal to the list in core, in both directions.
const TABLE = 'docs/reference/errors.md';
const LIST = 'packages/core/src/errors.ts';

/** What the table misses or has too much, one line each; `read` gives the text of a file. */
export function errorTableProblems(read: (file: string) => string): string[] {
  const documented = [...read(TABLE).matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code);
  const declared = [...read(LIST).matchAll(/^ {2}'(\w+)',$/gm)].map(([, code]) => code);
  return [
    ...declared.filter((code) => !documented.includes(code)).map((code) => `${TABLE}: no row for ${code} of ${LIST}`),
    ...documented.filter((code) => !declared.includes(code)).map((code) => `${TABLE}: ${code} is no code of ${LIST}`),
  ];
}
