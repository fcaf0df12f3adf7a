// What each client believes when an answer does not come to its end: one run for each cell of the page that tells it.
import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { AgentError } from '@turnstream/core';
import { reply, resetAfter, stallAfter } from '@turnstream/testkit';
import { afterEach, expect, test, vi } from 'vitest';
import { type Served, serve } from '../served.ts';
import { passingUnhandled } from '../unhandled.ts';
import { openProxy } from './cut-proxy.ts';
import { openaiReaders } from './openai-readers.ts';
import { ownReaders } from './own-readers.ts';
import { protocolReaders } from './protocol-readers.ts';
import type { Reader } from './reader.ts';

const readers: readonly Reader[] = [...ownReaders, ...protocolReaders, ...openaiReaders];

const broken = reply(['It ', 'shipped.'], { fault: resetAfter({ chunks: 1 }) });
const stuck = reply(['It ', 'shipped.'], { fault: stallAfter({ chunks: 1 }) });

afterEach(() => void vi.restoreAllMocks());

test('the page of ends has what every client believes', async () => {
  vi.spyOn(console, 'error').mockReturnValue();
  const rows: string[] = [];

  for (const reader of readers) {
    await using shop = await serve({ ...reader.options, steps: [] });
    const cells = [await afterError(reader, shop), await afterCleanEnd(reader, shop), await afterReset(reader)];
    rows.push(`| ${[reader.client, ...cells].join(' | ')} |`);
  }

  await expect(pageOf(rows)).toMatchFileSnapshot('../../../../docs/reference/ends.md');
});

/** The model's connection breaks, and the server says so in the protocol. */
async function afterError(reader: Reader, shop: Served): Promise<string> {
  shop.model.add(broken);
  return await believed(reader, shop.url);
}

/** Something between server and client ends the answer as if it were complete. */
async function afterCleanEnd(reader: Reader, shop: Served): Promise<string> {
  shop.model.add(stuck);
  await using proxy = await openProxy(shop.url);
  return await believed(reader, proxy.url, () => proxy.endCleanly());
}

/** This kills the server, so it cannot use the shared one. */
async function afterReset(reader: Reader): Promise<string> {
  await using shop = await serve({ ...reader.options, steps: [stuck] });
  using unhandled = passingUnhandled();
  const belief = await believed(reader, shop.url, () => shop.die());
  // Node reports them after the turn in which they happened.
  await setImmediate();
  return unhandled.reasons.length === 0 ? belief : `${belief}, and an unhandled rejection`;
}

/** Fails if the client read no word: then its belief would not be about how the answer ended. */
async function believed(reader: Reader, url: string, then = (): void => {}): Promise<string> {
  const onText = vi.fn(then);
  const belief = await reader.read({ url, onText }).catch((error: unknown) => {
    if (error instanceof AgentError) return `throws \`${error.code}\``;
    return `throws \`${error instanceof Error ? error.constructor.name : String(error)}\``;
  });
  expect(onText, `${reader.client}: ${belief}`).toHaveBeenCalled();
  return belief;
}

function pageOf(rows: readonly string[]): string {
  const names = [...new Set(readers.map(({ from }) => from))].filter((name) => !name.startsWith('@turnstream/'));
  const versions = names.map((name) => `\`${name}\` ${versionOf(name)}`).join(', ');
  return `# What each client believes when an answer breaks off

<!-- Written by \`pnpm --filter @turnstream/clients ends\`. -->

Every client here read the first word of an answer from an agent behind [@turnstream/server](../../packages/server), and
then one of three things happened. The server's rule is never to end a stream cleanly without its end mark, because of the
second column.

- **error**: the model's connection broke, and the server sent the error of the protocol.
- **clean end**: a proxy ended the response as if it were complete, without the end mark of the protocol.
- **reset**: the server died, and the connection broke.

| client | error | clean end | reset |
|---|---|---|---|
${rows.join('\n')}

Versions: ${versions}.
`;
}

function versionOf(name: string): string {
  const path = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
