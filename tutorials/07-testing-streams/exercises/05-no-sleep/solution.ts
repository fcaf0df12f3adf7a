// Advances the service's clock; nothing waits.
import assert from 'node:assert/strict';
import { Agent, type BackgroundRun } from '@turnstream/core';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { background, reply, serveModel, TestClock } from '@turnstream/testkit';

/** Polls the run and returns its state: "in the queue", "being written" or "ready". */
export type StatusLine = (run: BackgroundRun) => Promise<string>;

export async function test(line: StatusLine): Promise<void> {
  const clock = new TestClock();
  const pace = { firstChunkDelayMs: 60_000 };
  await using model = await serveModel(background(reply('Three orders.', pace), { clock, queuedMs: 3_600_000 }));
  const run = await agentAt(model.baseURL).runInBackground('Report on my orders.');

  assert.equal(await line(run), 'in the queue');
  clock.advance(3_600_000);
  assert.equal(await line(run), 'being written');
  clock.advance(60_000);
  assert.equal(await line(run), 'ready');
}

function agentAt(baseURL: string): Agent {
  return new Agent({ client: new OpenAIResponsesClient({ model: 'gpt-5', apiKey: 'exercise', baseURL }) });
}
