import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { counted, equal, exercise, expected } from '@turnstream/learn/check';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { startDemoModel } from '@turnstream/testkit/demo';
import type * as Problem from './problem.ts';

/** Long enough for both tabs to read the conversation before either of them stores its turn. */
const PACE = { firstChunkDelayMs: 50, chunkDelayMs: 0 };

const QUESTIONS = ['Remember the word teal.', 'Remember my name: call me Ada.'];

export const check = exercise<typeof Problem>(async ({ load }) => {
  const { ask } = await load('ask');
  // Not a script: how often the model is called depends on how the two are kept apart.
  await using demo = await startDemoModel({ pace: PACE });
  const client = new OpenAIResponsesClient({ model: 'gpt-5', apiKey: 'exercise', baseURL: demo.baseURL });
  const folder = await mkdtemp(join(tmpdir(), 'two-tabs-'));
  try {
    const answers = await Promise.all(QUESTIONS.map((question) => ask(client, question, folder)));
    await ask(client, 'What do you know of me?', folder);

    const texts = demo.requests.at(-1)?.texts ?? [];
    const kept = QUESTIONS.filter((question) => texts.includes(question));
    const but = `${counted(answers.length, 'question')} were answered, and the next request carried ${kept.length} of them`;
    expected('both turns to be remembered', kept.length === 2, but);
    equal('the number of messages of the next request', texts.length, 5);
  } finally {
    await rm(folder, { recursive: true });
  }
});
