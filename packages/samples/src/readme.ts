import { Agent } from '@turnstream/core';
import { OpenAIResponsesClient } from '@turnstream/openai';

const client = new OpenAIResponsesClient({ model: 'gpt-4.1-mini' }); // the key is in OPENAI_API_KEY
const agent = new Agent({ client, instructions: 'Keep answers to one short paragraph.' });
const session = agent.createSession();
for (const question of ['What is Python in one line?', 'How old is it? Answer with a year only.']) {
  for await (const text of agent.runStreaming(question, { session }).textStream) process.stdout.write(text);
  process.stdout.write('\n');
}
