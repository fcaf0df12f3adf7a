// No clock at all: the script says what each poll finds.
import assert from 'node:assert/strict';
import { Agent, type BackgroundRun } from '@turnstream/core';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { background, reply, serveModel } from '@turnstream/testkit';

/** Polls the run and returns its state: "in the queue", "being written" or "ready". */
export type StatusLine = (run: BackgroundRun) => Promise<string>;

export async function test(line: StatusLine): Promise<void> {
  const looks = ['queued', 'in_progress', 'done'] as const;
  await using model = await serveModel(background(reply('Three orders.'), { looks }));
  const run = await agentAt(model.baseURL).runInBackground('Report on my orders.');

  assert.equal(await line(run), 'in the queue');
  assert.equal(await line(run), 'being written');
  assert.equal(await line(run), 'ready');
}

function agentAt(baseURL: string): Agent {
  return new Agent({ client: new OpenAIResponsesClient({ model: 'gpt-5', apiKey: 'exercise', baseURL }) });
}
