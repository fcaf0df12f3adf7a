// What a real model and its service can do, tested on the one the environment names. The demo model passes too:
// scripts/test/real-model.test.ts makes sure of it. It cannot see images, so it may name an image's type instead.
import { Agent, dataContent, tool } from '@turnstream/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { chatClientFromEnv, hasRealModel } from '../src/index.ts';

const whenReal = test.skipIf(!hasRealModel());
const realModel = { tags: ['real-model'] };
const bothApis = ['responses', 'chat_completions'] as const;

const REMEMBER = "Remember the word 'orange'.";
const RECALL = 'What word did I ask you to remember? Answer with the word only.';

/** 64 by 64 pixels, all of them red. */
const RED_SQUARE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAMAAACdt4HsAAAABlBMVEX////cFB4F8PUcAAAAKUlEQVR42u3MQREAAAwCIO1f2hD77SAA6VEEAoFAIBAI' +
    'BAKBQCAQfA8GF94QAZxkGSgAAAAASUVORK5CYII=',
  'base64',
);

whenReal.for(bothApis)('a conversation kept on our side continues, over %s (real LLM)', realModel, async (api) => {
  await using model = await chatClientFromEnv({ api });
  const agent = new Agent({ client: model.client });
  const session = agent.createSession();

  await agent.run(REMEMBER, { session });
  const stream = agent.runStreaming(RECALL, { session });
  const recalled = await stream.finalResponse();

  expect(recalled.status).toBe('completed');
  expect(recalled.text.toLowerCase()).toContain('orange');
});

whenReal.for(bothApis)(
  'a tool is called and its result is in the answer, over %s (real LLM)',
  realModel,
  async (api) => {
    await using model = await chatClientFromEnv({ api });
    const cities: string[] = [];
    const parameters = z.object({ city: z.string() });
    const execute = ({ city }: { city: string }): string => (cities.push(city), 'Sunny, 18°C');
    const weather = tool({ name: 'get_weather', description: 'The weather in a city now.', parameters, execute });

    const answer = await new Agent({ client: model.client, tools: [weather] }).run('What is the weather in Paris?');

    expect(cities).toEqual(['Paris']);
    expect(answer.text).toContain('18');
  },
);

whenReal.for(bothApis)('an image is part of the question, over %s (real LLM)', realModel, async (api) => {
  await using model = await chatClientFromEnv({ api });
  const question = { type: 'text', text: 'What color is this image? One word.' } as const;
  const contents = [question, dataContent(RED_SQUARE, 'image/png')];

  const answer = await new Agent({ client: model.client }).run({ role: 'user', contents });

  expect(answer.text).toMatch(/\bred\b|image\/png, 116 bytes/i);
});

whenReal('a conversation that the service keeps goes on, streamed and whole (real LLM)', realModel, async () => {
  await using model = await chatClientFromEnv({ api: 'responses' });
  const agent = new Agent({ client: model.client, history: 'service' });
  const session = agent.createSession();

  const first = await agent.runStreaming(REMEMBER, { session }).finalResponse();
  const idAfterFirst = session.serviceSessionId;
  const recalled = await agent.run(RECALL, { session });

  expect(idAfterFirst).toBe(first.responseId);
  expect(recalled.text.toLowerCase()).toContain('orange');
  expect(session.serviceSessionId).toBe(recalled.responseId);
});

whenReal('a background run is looked at until it is done (real LLM)', realModel, async () => {
  await using model = await chatClientFromEnv({ api: 'responses' });
  const agent = new Agent({ client: model.client });

  const run = await agent.runInBackground('What is the capital of France? Answer with the city name only.');
  const atStart = run.status;
  const answer = await run.wait({ pollMs: 500 });

  expect(['queued', 'in_progress']).toContain(atStart);
  expect(answer.status).toBe('completed');
  expect(answer.text).toContain('Paris');
});

whenReal('a background run is followed as a stream, left, and followed again (real LLM)', realModel, async () => {
  await using model = await chatClientFromEnv({ api: 'responses' });
  const agent = new Agent({ client: model.client });
  const texts: string[] = [];

  const started = await agent.runInBackground('What is Python in one line?', { stream: true });
  for await (const update of started.updates()) {
    texts.push(update.text);
    if (texts.join('') !== '') break;
  }
  const resumed = agent.resumeBackground(JSON.parse(JSON.stringify(started)) as unknown);
  for await (const update of resumed.updates()) texts.push(update.text);
  const answer = await resumed.wait();

  expect(texts.join('')).toBe(answer.text);
  expect(answer.text).toContain('Python');
});
