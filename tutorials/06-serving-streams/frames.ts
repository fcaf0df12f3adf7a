// The stream of one answer, byte for byte as it crosses the wire: what curl -N shows.
// Run: npx -y pnpm@12 --filter 06-serving-streams frames   or with your own question: "How old is Rust?"
import { chatClientFromEnv, reportErrors, scriptArguments } from '@turnstream/config';
import { serveAgent } from './serve-agent.ts';

reportErrors();
const [message = 'What is the capital of France?'] = scriptArguments();

await using model = await chatClientFromEnv();
await using served = await serveAgent(model.client);

const response = await fetch(`${served.url}/chat/stream`, {
  method: 'POST',
  headers: { authorization: `Bearer ${served.token}`, 'content-type': 'application/json' },
  body: JSON.stringify({ message }),
});
if (response.body === null) throw new Error(`The server answered with status ${response.status} and nothing else.`);
for await (const text of response.body.pipeThrough(new TextDecoderStream())) process.stdout.write(text);
