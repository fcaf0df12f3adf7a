// A page's claims about behavior are pinned: every row of its tables links to a test, or says that there is nothing to pin.

const PAGES: readonly string[] = [
  'docs/reference/differences.md',
  'docs/reference/features.md',
  'docs/reference/gotchas.md',
];

/** The rows without a test, one line each; `read` gives the text of a file. */
export function untestedRows(read: (file: string) => string): string[] {
  return PAGES.flatMap((file) => {
    const lines = read(file).split('\n');
    return lines.flatMap((line, index) =>
      isRow(line, lines[index + 1] ?? '') && !isPinned(line)
        ? [`${file}:${index + 1}: no test pins this row; link one, or say "nothing to pin"`]
        : [],
    );
  });
}

function isRow(line: string, next: string): boolean {
  const isHead = next.startsWith('|---');
  return line.startsWith('|') && !line.startsWith('|---') && !isHead;
}

function isPinned(line: string): boolean {
  return /\]\([^)\s]+\.(?:test|long)\.ts(?: "[^"]+")?\)/.test(line) || line.includes('nothing to pin');
}
