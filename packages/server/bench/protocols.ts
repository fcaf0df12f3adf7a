// What each protocol costs, as ratios to the server's own: the time to the first word, and the CPU of the server per event.
// Run: node bench/protocols.ts [--rounds 40]
import { parseArgs } from 'node:util';
import { percentile, positive } from './figures.ts';
import { forkServer } from './fork-server.ts';
import { openPlace } from './place.ts';
import { startTimedModel } from './timed-model.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '40' } } });
const rounds = positive('rounds', values.rounds);
const WORDS = 200;
/** The first rounds compile the code. */
const WARM_UP = 5;

interface Route {
  readonly name: string;
  readonly path: string;
  /** Of a conversation that begins with it. */
  readonly body: (id: string) => object;
  /** In a frame with text. */
  readonly word: RegExp;
}

const question = (id: string) => ({ id, role: 'user', content: 'Go' });
const chat = (id: string) => ({ id, messages: [{ id, role: 'user', parts: [{ type: 'text', text: 'Go' }] }] });
const model = { model: 'agent', stream: true };

const own: Route = { name: 'our own', path: '/chat/stream', body: () => ({ message: 'Go' }), word: /event: update/ };
const routes: readonly Route[] = [
  own,
  { name: 'AI SDK UI stream', path: '/chat/ui', body: chat, word: /"text-delta"/ },
  {
    name: 'Chat Completions',
    path: '/v1/chat/completions',
    body: () => ({ ...model, messages: [{ role: 'user', content: 'Go' }] }),
    word: /"content":"[^"]/,
  },
  {
    name: 'Responses',
    path: '/v1/responses',
    body: () => ({ ...model, input: 'Go' }),
    word: /event: response.output_text.delta/,
  },
  {
    name: 'Responses, not stored',
    path: '/v1/responses',
    body: () => ({ ...model, input: 'Go', store: false }),
    word: /event: response.output_text.delta/,
  },
  {
    name: 'AG-UI',
    path: '/agui',
    body: (id) => ({ threadId: id, runId: id, messages: [question(id)], tools: [], context: [] }),
    word: /"TEXT_MESSAGE_CONTENT"/,
  },
  {
    name: 'A2A',
    path: '/message:stream',
    body: (messageId) => ({ message: { messageId, role: 'ROLE_USER', parts: [{ text: 'Go' }] } }),
    word: /"artifactUpdate"/,
  },
];

await using timed = await startTimedModel({ words: WORDS, everyMs: 1 });
await using place = await openPlace('sqlite');
await using served = await forkServer(timed.baseURL, place);
const firstWords = new Map(routes.map((route) => [route, [] as number[]]));
const cpus = new Map(routes.map((route) => [route, [] as number[]]));

for (let round = -WARM_UP; round < rounds; round += 1) {
  for (const route of routes) {
    const before = await served.cpuMs();
    const firstMs = await answered(route);
    const usedMs = (await served.cpuMs()) - before;
    if (round < 0) continue;
    firstWords.get(route)?.push(firstMs);
    cpus.get(route)?.push((usedMs * 1_000) / WORDS);
  }
}

console.log(
  `${rounds} answers of ${WORDS} words, one per millisecond, medians. In brackets the ratio to our own protocol.\n`,
);
console.log(`${'protocol'.padEnd(26)}${'first word'.padEnd(20)}CPU per event`);
for (const route of routes) {
  const [first, cpu] = [cell(firstWords, route, 'ms'), cell(cpus, route, 'µs')];
  console.log(`${route.name.padEnd(26)}${first.padEnd(20)}${cpu}`);
}

/** Milliseconds to the first word. Reads the answer to its end. */
async function answered({ name, path, body, word }: Route): Promise<number> {
  const startedAt = performance.now();
  const response = await fetch(served.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${served.token}`, 'content-type': 'application/json', 'a2a-version': '1.0' },
    body: JSON.stringify(body(crypto.randomUUID())),
  });
  const decoder = new TextDecoder();
  let firstMs: number | null = null;
  for await (const bytes of response.body ?? []) {
    if (firstMs === null && word.test(decoder.decode(bytes))) firstMs = performance.now() - startedAt;
  }
  if (firstMs === null) throw new Error(`${name} answered without a word: status ${response.status}.`);
  return firstMs;
}

function cell(all: ReadonlyMap<Route, readonly number[]>, route: Route, unit: string): string {
  const [value, base] = [route, own].map((each) => percentile(all.get(each) ?? [], 0.5));
  return `${value?.toFixed(2)} ${unit} (${((value ?? Number.NaN) / (base ?? Number.NaN)).toFixed(2)})`;
}
