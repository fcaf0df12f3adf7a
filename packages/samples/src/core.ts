import { Agent, tool } from '@turnstream/core';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { z } from 'zod';

const getWeather = tool({
  name: 'get_weather',
  description: 'The weather in a city.',
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => `Sunny in ${city}, 18°C`,
});

const agent = new Agent({
  client: new OpenAIResponsesClient({ model: 'gpt-4.1-mini' }), // the key is in OPENAI_API_KEY
  instructions: 'Be concise.',
  tools: [getWeather],
});

const session = agent.createSession();
for (const question of ['What is the weather in Paris?', 'And in Oslo?']) {
  for await (const update of agent.runStreaming(question, { session })) process.stdout.write(update.text);
  process.stdout.write('\n');
}
