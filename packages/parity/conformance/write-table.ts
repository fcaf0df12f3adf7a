// Writes docs/reference/conformance.md: this library and others before the same scripted model, with versions and date.
// Run: pnpm --filter @turnstream/parity conformance   (installs the others first; needs the package registry)
import { readFileSync, writeFileSync } from 'node:fs';
import type { Adapter } from './adapter.ts';
import { checkAll, rows } from './check-all.ts';
import { score, table } from './table.ts';
import { turnstream } from './turnstream-adapter.ts';

const page = new URL('../../../docs/reference/conformance.md', import.meta.url);
const manifest = new URL('peers/package.json', import.meta.url);

/** By an address and not by a path, so that the compiler does not follow into what is installed on demand. */
const peer = (file: string): string => new URL(`peers/${file}`, import.meta.url).href;
const { ai } = (await import(peer('ai-adapter.ts'))) as { ai: Adapter };
const { openaiAgents } = (await import(peer('openai-agents-adapter.ts'))) as { openaiAgents: Adapter };
const { langgraph } = (await import(peer('langgraph-adapter.ts'))) as { langgraph: Adapter };

const { dependencies } = JSON.parse(readFileSync(manifest, 'utf8')) as { dependencies: Record<string, string> };
const columns = [];
for (const adapter of [turnstream, ai, openaiAgents, langgraph]) {
  const version = dependencies[adapter.name];
  const title = version === undefined ? 'this library' : `${adapter.name} ${version}`;
  columns.push({ title, checked: await checkAll(adapter) });
}
const versions = Object.entries(dependencies).map(([name, version]) => `${name} ${version}`);

writeFileSync(
  page,
  `# Conformance

What libraries do when the wire misbehaves: one scripted model sends the same bytes to all of them, each through a small
adapter (start, text, final, reasoning, session, rewind, cancel). A row states what a caller should be able to rely on;
a cell says whether it holds and what happened. Where the two APIs differ, the cell names both.

Generated on ${new Date().toISOString().slice(0, 10)} with Node ${process.versions.node}: ${versions.join(', ')}. To regenerate it:

\`\`\`sh
npx -y pnpm@12 --filter @turnstream/parity conformance
\`\`\`

${table(rows, columns)}

Rows that hold over every API, of those that apply: ${columns.map((column) => `${column.title} ${score(column)}`).join(', ')}.

The rows take the view of code that reads the text of an answer. \`ai\` reports failures elsewhere, in \`onError\`, in the
parts of \`fullStream\` and in the finish reason, and its history is the caller's array. \`@langchain/langgraph\` keeps the
whole answer in its state instead of returning it with the stream. Neither is wrong, but code that reads only the text
does not see it. For M32, \`@openai/agents\` gets a separate agent and \`@langchain/langgraph\` a separate model for the one
run.

The rows are [executable](../../packages/parity/conformance/check-all.ts), and
[those of this library run with every test](../../packages/parity/test/conformance.test.ts).
`,
);
console.log(columns.map((column) => `${column.title}: ${score(column)}`).join('\n'));
// Some libraries keep timers and sockets of their own.
process.exit();
