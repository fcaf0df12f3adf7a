// A run that calls back when it ends. Both ends are on this machine: the server, and the caller's address.
// Run: npx -y pnpm@12 --filter 06-serving-streams callback
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import { AgentError } from '@turnstream/core';
import { getRun, startRun } from '@turnstream/server/client';
import { Webhook } from 'standardwebhooks';
import { serveAgent } from './serve-agent.ts';
import { serveRoute } from './serve-route.ts';

reportErrors();
const secret = `whsec_${randomBytes(24).toString('base64')}`;
const { promise: calledBack, resolve } = Promise.withResolvers<CallbackEvent>();
await using receiver = await serveRoute(async (request, response) => {
  // Throws unless the body is signed with the secret.
  const event = new Webhook(secret).verify(await text(request), request.headers as Record<string, string>);
  await once(response.writeHead(204).end(), 'close');
  resolve(event as CallbackEvent);
});

await using model = await chatClientFromEnv({ api: 'responses' });
await using served = await serveAgent(model.client, { callbacks: { secret, allowLoopback: true } });

const run = await startRun(served, { message: 'What is Rust in one line?', callbackUrl: receiver.url });
console.log(`Q: ${run.message}\n   ${run.state}, and nobody is connected`);

const { type, data } = await calledBack;
console.log(`   called back: ${type}, without the answer: ${Object.keys(data).join(', ')}`);
const { text: answer, end } = await getRun(served, data.runId);
if (end?.type === 'error') throw new AgentError(end.code, end.message);
console.log(`A: ${answer}`);

interface CallbackEvent {
  readonly type: string;
  readonly data: { readonly runId: string; readonly sessionId: string; readonly state: string };
}
