// The page of the tables: all rows that were printed, and what they were measured on.
import { writeFileSync } from 'node:fs';
import type { Line } from './table.ts';

export interface Table {
  readonly head: readonly string[];
  readonly lines: readonly Line[];
}

export interface Measured {
  /** In one line. */
  readonly machine: string;
  readonly rounds: number;
  readonly clients: Table;
  readonly servers: Table;
}

const PAGE = new URL('../../../docs/reference/performance.md', import.meta.url);

export function writePage(measured: Measured): void {
  writeFileSync(PAGE, pageOf(measured));
}

export function pageOf({ machine, rounds, clients, servers }: Measured): string {
  return `# Performance

What a run and a served stream cost. \`npx -y pnpm@12 bench\` measures both and writes this page; it needs a quiet machine
and some minutes. \`--node 24\` measures on another Node, which npx fetches, and \`--only burst,short\` prints single
metrics. Neither writes the page.

Measured on ${machine}.

Cells are medians of ${rounds} rounds with their range, or single readings. Every reading has processes of its own, and the columns take turns.
Cells of a row whose bar is a number without a unit are ratios to the first column. A bar is a goal:
[what a run costs](../decisions/0003-what-a-run-costs.md) says why some are missed.

## Calling a model

A whole agent run on a session, beside a hand-written \`fetch\` loop, the raw SDK, and other libraries as their
documentation shows them. All read the same bytes, and each text is compared. Frames are 260 to 340 bytes, as those of
OpenAI's API are. The other libraries are measured over Chat Completions.

${markdown(clients)}

## Serving a stream

\`POST /chat/stream\` of the server with all its guards and a whole agent run for each request, beside a route written by hand
on \`node:http\` without identities, limits or storage. Both get the words from memory.

${markdown(servers)}
`;
}

export function markdown({ head, lines }: Table): string {
  const rows = [head, head.map(() => '---'), ...lines.map(({ cells }) => cells)];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
