// The same question in the three modes, measured: how long a connection is open, when the first word arrives, and when
// the last one does. Run: npx -y pnpm@12 --filter 05-background-responses three-modes
import { reportErrors } from '@turnstream/config';
import { Agent } from '@turnstream/core';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { startDemoModel } from '@turnstream/testkit/demo';
import { MeasuredFetch } from './measured-fetch.ts';
import { modes } from './measured-modes.ts';

reportErrors();
await using demo = await startDemoModel();
console.log('mode           connection open  first word  total');

for (const [mode, measure] of Object.entries(modes)) {
  const connections = new MeasuredFetch();
  const { baseURL } = demo;
  const client = new OpenAIResponsesClient({ model: 'demo', apiKey: 'demo', baseURL, fetch: connections.fetch });

  const { firstWordMs, totalMs } = await measure(new Agent({ client }), 'What is Python?');
  console.log(
    `${mode.padEnd(15)}${seconds(await connections.openMs()).padEnd(17)}${seconds(firstWordMs).padEnd(12)}${seconds(totalMs)}`,
  );
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
