// How long after a reader has left the model's connection is closed, and what the server adds to the first word.
// Run: node bench/stopping.ts [--samples 300]
import { parseArgs } from 'node:util';
import { Agent } from '@turnstream/core';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { streamChat } from '../src/client/index.ts';
import { percentile, positive, row } from './figures.ts';
import { forkServer } from './fork-server.ts';
import { openPlace } from './place.ts';
import { startTimedModel } from './timed-model.ts';

const { values } = parseArgs({ options: { samples: { type: 'string', default: '300' } } });
const samples = positive('samples', values.samples);

await using model = await startTimedModel({ words: 100, everyMs: 20 });
await using place = await openPlace('sqlite');
await using served = await forkServer(model.baseURL, place);
const client = new OpenAIResponsesClient({ model: 'timed', apiKey: 'none', baseURL: model.baseURL });
const agent = new Agent({ client });

const stopping: number[] = [];
const direct: number[] = [];
const through: number[] = [];
for (let sample = -10; sample < samples; sample += 1) {
  const [stoppedMs, throughMs] = await leaveServer();
  const directMs = await leaveModel();
  // The first ones warm up.
  if (sample < 0) continue;
  stopping.push(stoppedMs);
  through.push(throughMs);
  direct.push(directMs);
}

console.log(`${samples} answers one after another, each left after its first word.\n`);
for (const share of [0.5, 0.95])
  console.log(row(`left to closed model connection, p${share * 100}`, percentile(stopping, share), 'ms'));
console.log(row('left to closed model connection, p99', percentile(stopping, 0.99), 'ms', 500));
console.log(row('first word straight from the model, p50', percentile(direct, 0.5), 'ms'));
console.log(row('first word through the server, p50', percentile(through, 0.5), 'ms'));
const added = percentile(through, 0.95) - percentile(direct, 0.95);
console.log(row('added by the server, p95 less p95', added, 'ms', 5));

/** Milliseconds from the leaving to the closed connection, and from the question to the first word. */
async function leaveServer(): Promise<[number, number]> {
  const startedAt = performance.now();
  const closed = model.nextClosed();
  let firstAt = 0;
  for await (const event of streamChat({ ...served, message: 'Go' })) {
    if (event.type !== 'update') continue;
    firstAt = performance.now();
    break;
  }
  const leftAt = performance.now();
  return [(await closed) - leftAt, firstAt - startedAt];
}

async function leaveModel(): Promise<number> {
  const startedAt = performance.now();
  const closed = model.nextClosed();
  for await (const { text } of agent.runStreaming('Go')) if (text !== '') break;
  const tookMs = performance.now() - startedAt;
  await closed;
  return tookMs;
}
