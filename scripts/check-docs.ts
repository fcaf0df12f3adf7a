// Keeps the pages true: `node scripts/check-docs.ts` compares links, snippets and tables, and rejects overlong pages, and
// banned idioms in pages and sources; `--run` also compares what commands print:
// of every page, or of those under the folders that follow, for example `--run tutorials/01-first-agent`.
import { globSync, readFileSync } from 'node:fs';
import { docblockPage } from './docs/docblocks.ts';
import { publicEntries } from './docs/entries.ts';
import { errorTableProblems } from './docs/error-table.ts';
import { overlongPage } from './docs/length.ts';
import { brokenLinks } from './docs/links.ts';
import { type Page, readPage } from './docs/markdown.ts';
import { staleOutputs } from './docs/outputs.ts';
import { bannedIdioms } from './docs/prose.ts';
import { staleSnippets } from './docs/snippets.ts';
import { untestedRows } from './docs/tested-rows.ts';
import { undocumentedNames } from './docs/undocumented.ts';

const files = globSync('**/*.md', { exclude: ['**/node_modules/**', '**/dist/**', 'packages/site/api/**'] });
const pages = files.toSorted().map(readPage);
/** Without the tests of the check itself, which quote the idioms. */
const sources = globSync(['*.ts', 'packages/**/*.ts', 'tutorials/**/*.ts', 'scripts/**/*.ts'], {
  exclude: ['**/node_modules/**', '**/dist/**', '**/.*/**', 'scripts/test/**'],
});
const [mode, ...folders] = process.argv.slice(2);
const isRun = ({ file }: Page): boolean => folders.length === 0 || folders.some((folder) => file.startsWith(folder));
const problems = [
  ...pages.flatMap((page) => [...brokenLinks(page), ...staleSnippets(page)]),
  ...pages.flatMap(({ file }) => overlongPage(file, readFileSync(file, 'utf8'))),
  ...sources.flatMap((file) => staleSnippets(docblockPage(file, readFileSync(file, 'utf8')))),
  ...[...publicEntries('').keys()].flatMap((entry) => undocumentedNames(entry, (file) => readFileSync(file, 'utf8'))),
  ...errorTableProblems((file) => readFileSync(file, 'utf8')),
  ...untestedRows((file) => readFileSync(file, 'utf8')),
  ...[...files, ...sources].toSorted().flatMap((file) => bannedIdioms(file, readFileSync(file, 'utf8'))),
  ...(mode === '--run' ? pages.filter(isRun).flatMap(staleOutputs) : []),
];

for (const problem of problems) console.error(problem);
console.log(`docs: ${pages.length} pages, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
