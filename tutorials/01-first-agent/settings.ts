// Settings in three places: the client, the agent and one run. The demo model keeps the requests it received.
// Run: npx -y pnpm@12 --filter 01-first-agent settings
import { reportErrors } from '@turnstream/config';
import { Agent } from '@turnstream/core';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { startDemoModel } from '@turnstream/testkit/demo';

reportErrors();
await using demo = await startDemoModel();
const client = new OpenAIResponsesClient({
  model: 'gpt-5',
  apiKey: 'demo',
  baseURL: demo.baseURL,
  parameters: { max_output_tokens: 500, reasoning: { effort: 'medium' } },
});
const agent = new Agent({ client, parameters: { reasoning: { effort: 'low' } }, headers: { 'x-team': 'maps' } });

await agent.run('What is the capital of France?');
await agent.run('What is the capital of Japan?', {
  model: 'gpt-5-mini',
  parameters: { max_output_tokens: 50 },
  headers: { 'x-team': 'travel' },
});

for (const { texts, body, headers } of demo.requests) {
  const { model, max_output_tokens, reasoning } = body;
  console.log(texts.join());
  console.log(`  ${JSON.stringify({ model, max_output_tokens, reasoning })}, x-team: ${headers['x-team']}`);
}
