// Fix: this test waits for real time to pass.
import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { Agent, type BackgroundRun } from '@turnstream/core';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { background, reply, serveModel } from '@turnstream/testkit';

/** Polls the run and returns its state: "in the queue", "being written" or "ready". */
export type StatusLine = (run: BackgroundRun) => Promise<string>;

export async function test(line: StatusLine): Promise<void> {
  const pace = { firstChunkDelayMs: 1_500 };
  await using model = await serveModel(background(reply('Three orders.', pace), { queuedMs: 1_500 }));
  const run = await agentAt(model.baseURL).runInBackground('Report on my orders.');

  assert.equal(await line(run), 'in the queue');
  await setTimeout(1_600);
  assert.equal(await line(run), 'being written');
  await setTimeout(1_600);
  assert.equal(await line(run), 'ready');
}

function agentAt(baseURL: string): Agent {
  return new Agent({ client: new OpenAIResponsesClient({ model: 'gpt-5', apiKey: 'exercise', baseURL }) });
}
