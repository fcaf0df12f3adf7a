// The table of error codes on the page is equal to the one in core: the same codes, and the same word on trying again.
const PAGE = 'docs/reference/errors.md';
const SOURCE = 'packages/core/src/errors.ts';

/** What the column "again" says for each class of a code. */
const AGAIN: Readonly<Record<string, string>> = { never: 'no', again: 'yes', later: 'yes, later' };

/** What differs, one line each; `read` gives the text of a file. */
export function errorTableProblems(read: (file: string) => string): string[] {
  const documented = pairs(read(PAGE), /^\| `(\w+)` \|[^|]*\| ([^|]*) \|/gm);
  const declared = pairs(read(SOURCE), /^ {2}(\w+): '(never|again|later)',$/gm);
  const inSource = [...declared].flatMap(([code, retry]) => {
    const said = documented.get(code);
    if (said === undefined) return [`${PAGE}: no row for ${code} of ${SOURCE}`];
    if (said === AGAIN[retry]) return [];
    return [`${PAGE}: "again" of ${code} is "${said}", but ${SOURCE} means "${AGAIN[retry]}"`];
  });
  const onlyOnPage = [...documented.keys()].filter((code) => !declared.has(code));
  return [...inSource, ...onlyOnPage.map((code) => `${PAGE}: ${code} is not a code of ${SOURCE}`)];
}

function pairs(text: string, pattern: RegExp): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(pattern)].map(([, key = '', value = '']) => [key, value]));
}
