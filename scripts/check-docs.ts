// Keeps the pages true: `node scripts/check-docs.ts` compares snippets and links, `--run` also what commands print.
import { globSync } from 'node:fs';
import { brokenLinks } from './docs/links.ts';
import { readPage } from './docs/markdown.ts';
import { staleOutputs } from './docs/outputs.ts';
import { staleSnippets } from './docs/snippets.ts';

const files = globSync('**/*.md', { exclude: ['**/node_modules/**', '**/dist/**'] }).sort();
const pages = files.map(readPage);
const problems = pages.flatMap((page) => [
  ...brokenLinks(page),
  ...staleSnippets(page),
  ...(process.argv.includes('--run') ? staleOutputs(page) : []),
]);

for (const problem of problems) console.error(problem);
console.log(`docs: ${pages.length} pages, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
