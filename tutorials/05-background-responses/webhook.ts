// A run without polling: the service sends a webhook when it ends. A scripted model plays the service, and this program
// sends its webhooks. Run: npx -y pnpm@12 --filter 05-background-responses webhook
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { reportErrors } from '@turnstream/config';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { background, reply, serveModel } from '@turnstream/testkit';
import { QUESTION, reportAgent } from './report-agent.ts';
import { webhookRoute } from './webhook-route.ts';

reportErrors();

const SECRET = `whsec_${randomBytes(24).toString('base64')}`;

await using model = await serveModel(background(reply('Python is easy to read, and Rust is fast.')));
const { baseURL } = model;
const agent = reportAgent(new OpenAIResponsesClient({ model: 'scripted', apiKey: 'none', baseURL }));

const run = await agent.runInBackground(QUESTION);
console.log(`Q: ${QUESTION}\n   ${run.status}, and nobody polls`);

const route = webhookRoute({
  secret: SECRET,
  async onMoved(responseId) {
    if (responseId !== run.id) return;
    console.log(`   one poll: ${await run.poll()}`);
  },
});
const server = createServer((request, response) => void route(request, response));
await once(server.listen(0, '127.0.0.1'), 'listening');

const event = JSON.stringify({ type: 'response.completed', data: { id: run.id } });
const proof = signed(event);
await deliver('a forged webhook', { ...proof, 'webhook-signature': 'v1,AAAA' });
await deliver('a webhook from the service', proof);
await deliver('the same one again', proof);
server.close();

const answer = await run.wait();
console.log(`A: ${answer.text}`);

async function deliver(what: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const { port } = server.address() as AddressInfo;
  const { status } = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', headers, body: event });
  console.log(`   ${what}: ${status}`);
}

/** The headers with which the service signs a body: an HMAC of id, time and body with the shared secret. */
function signed(body: string): Record<string, string> {
  const id = `msg_${randomUUID()}`;
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
