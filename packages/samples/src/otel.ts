import { Agent } from '@turnstream/core';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { telemetry } from '@turnstream/otel';

const agent = new Agent({
  client: new OpenAIResponsesClient({ model: 'gpt-4.1-mini' }),
  name: 'shop',
  middleware: [telemetry({ model: 'gpt-4.1-mini' })], // to the global tracer and meter of your application
});
const { text } = await agent.run('What is the capital of France?');
console.log(text);
