// The bill of a closed tab: a reader leaves after five words, and the model counts what it wrote for nobody.
// Run: npx -y pnpm@12 --filter 06-serving-streams closed-tab
import { reportErrors } from '@turnstream/config';
import { Agent, type ChatClient } from '@turnstream/core';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { type Fault, type RecordedRequest, reply, serveModel, stallAfter } from '@turnstream/testkit';
import { chatRoute } from './chat-route.ts';
import { naiveRoute } from './naive-route.ts';
import { serveAgent } from './serve-agent.ts';
import { serveRoute } from './serve-route.ts';

reportErrors();

const WORDS = Array.from({ length: 10 }, (_, index) => `word${index + 1} `);
const READ = 5;
/** How long to watch a connection that should be closed. */
const PATIENCE_MS = 1_000;

type Served = { readonly url: string; readonly token?: string } & AsyncDisposable;

const ROUTES: Readonly<Record<string, (client: ChatClient) => Promise<Served>>> = {
  naive: (client) => serveRoute(naiveRoute(new Agent({ client }), { checksEachWord: false })),
  'checks each word': (client) => serveRoute(naiveRoute(new Agent({ client }), { checksEachWord: true })),
  sendAnswer: (client) => serveRoute(chatRoute(new Agent({ client }))),
  agentServer: (client) => serveAgent(client),
};

console.log(`The reader closes its tab after ${READ} of ${WORDS.length} words.\n`);
console.log(row('route', 'the model talks on', 'the model falls silent'));
const rows = Object.entries(ROUTES).map(async ([name, serve]) =>
  row(name, ...(await Promise.all([billOf(serve), billOf(serve, stallAfter({ chunks: READ }))]))),
);
for (const line of await Promise.all(rows)) console.log(line);

function row(...[name = '', talking = '', silent = '']: string[]): string {
  return `${name.padEnd(17)}${talking.padEnd(20)}${silent}`;
}

/** How many tokens the model wrote after the reader left, or that the connection is still open. */
async function billOf(serve: (client: ChatClient) => Promise<Served>, fault?: Fault): Promise<string> {
  // Slow enough that even a busy machine notices the leaving reader in time.
  const pace = { chunkDelayMs: 800 };
  await using model = await serveModel(reply(WORDS, fault === undefined ? pace : { ...pace, fault }));
  const client = new OpenAIResponsesClient({ model: 'scripted', apiKey: 'none', baseURL: model.baseURL });
  await using served = await serve(client);
  await readWords(served);
  const [request] = model.requests;
  if (request === undefined) throw new Error('The model was not asked.');
  if (fault !== undefined && !(await closes(request))) return `still open after ${PATIENCE_MS} ms`;
  await request.closed;
  const wasted = request.chunksSent - READ;
  return `wasted: ${wasted} ${wasted === 1 ? 'token' : 'tokens'}`;
}

async function readWords({ url, token }: Served): Promise<void> {
  const tab = new AbortController();
  const response = await fetch(`${url}/chat/stream`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token ?? ''}`, 'content-type': 'application/json' },
    body: JSON.stringify({ message: 'Go' }),
    signal: tab.signal,
  });
  let received = '';
  for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    received += text;
    if (received.includes(`word${READ} `)) break;
  }
  tab.abort();
}

async function closes(request: RecordedRequest): Promise<boolean> {
  const waiting = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => waiting.resolve(false), PATIENCE_MS);
  const isClosed = await Promise.race([request.closed.then(() => true), waiting.promise]);
  clearTimeout(timer);
  return isClosed;
}
