// The chapter's programs as processes of their own: what they print, and with which exit code they end.
import { once } from 'node:events';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { httpError, serveModel } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { serveAgent } from '../serve-agent.ts';
import { run, start } from './program.ts';

test.concurrent('one answer crosses the wire as a session event, an update for each piece, and one end', async () => {
  const { status, stdout } = await run(['frames.ts']);

  const frames = stdout.trimEnd().split('\n\n');
  expect(frames.map((frame) => frame.split('\n')[1])).toEqual([
    'event: session',
    ...Array(6).fill('event: update'),
    'event: done',
  ]);
  expect(frames.map((frame) => frame.split('\n')[0])).toEqual(frames.map((_, index) => `id: ${index + 1}`));
  expect(status).toBe(0);
});

test.concurrent('a closed tab costs the naive route the whole answer, and the guarded one nothing', async () => {
  const { status, stdout } = await run(['closed-tab.ts']);

  expect(stdout.split('\n').slice(3, 7)).toEqual([
    'naive            wasted: 5 tokens    still open after 1000 ms',
    'checks each word wasted: 1 token     still open after 1000 ms',
    'sendAnswer       wasted: 0 tokens    wasted: 0 tokens',
    'agentServer      wasted: 0 tokens    wasted: 0 tokens',
  ]);
  expect(status).toBe(0);
});

test.concurrent('each guard ends with its own code, a closed model connection and nothing remembered', async () => {
  const { status, stdout } = await run(['guards.ts']);

  expect(stdout.match(/(?<=reader gets )\w+/g)).toEqual([
    'first_update_timeout',
    'idle_timeout',
    'total_timeout',
    'max_bytes',
  ]);
  expect(stdout.match(/closed early: true/g)).toHaveLength(4);
  expect(stdout.match(/has 0 messages/g)).toHaveLength(4);
  expect(status).toBe(0);
});

test.concurrent('two turns share a session over HTTP, and a background run is left and resumed', async () => {
  const { status, stdout } = await run(['consumer.ts']);

  expect(stdout).toMatch(/\nQ: How old is it\? Answer with a year only\.\nA: 1991\n {3}completed, \d+ tokens\n/);
  expect(stdout).toMatch(/\n {3}left after event 2\n {3}resumed there, and completed\n$/);
  expect(status).toBe(0);
});

test.concurrent('a conversation goes on by the id of its session, or by the history that its caller sends, and by nothing else', async () => {
  const { status, stdout } = await run(['own-history.ts']);

  expect(stdout.split('\n').slice(3, 5)).toEqual(['A, with the id of the session: 1991', 'A, with the history: 1991']);
  expect(stdout).toMatch(/\nA, with neither: I cannot know what "it" is/);
  expect(status).toBe(0);
});

test.concurrent('a run calls its caller back when it has ended, signed and without a word of the conversation', async () => {
  const { status, stdout } = await run(['callback.ts']);

  expect(stdout).toMatch(
    /\n {3}queued, and nobody is connected\n {3}called back: run\.completed, .*: runId, sessionId, state\nA: Rust is /,
  );
  expect(status).toBe(0);
});

test.concurrent.each(['consumer.ts', 'callback.ts'])(
  'with a refused key %s ends with an error, and the terminal shows why',
  async (program) => {
    await using model = await serveModel(httpError(401));
    const env = { OPENAI_API_KEY: 'none', OPENAI_BASE_URL: model.baseURL };

    const { status, stderr } = await run([program], env);

    expect(stderr).toMatch(
      /"(?:cause|code)":"auth".*\nerror server_error: The server could not get the answer\. .*\n$/,
    );
    expect(status).toBe(1);
  },
);

test.concurrent('the service prints a page and a curl command that work, and ends open streams when it is stopped', async () => {
  const service = start(['main.ts', '0']);
  const printed = await firstOf(service.stdout, /Ctrl-C/);
  const [, url = '', token = ''] = /(http:\S+)\/#token=(\S+)/.exec(printed)!;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ message: 'Tell me about Rust in detail.' });

  const page = await fetch(url);
  const response = await fetch(`${url}/chat/stream`, { method: 'POST', headers, body });
  service.kill('SIGTERM');
  const stream = await response.text();

  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(printed).toContain(`curl -N ${url}/chat/stream`);
  expect(stream).toMatch(/\nevent: error\ndata: \{"code":"server_stopping".*\}\n\n$/);
  expect(await once(service, 'close')).toEqual([0, null]);
});

test.concurrent('a port that is taken, too large or not a number is one line that names it, with exit code 1', async () => {
  await using taken = await serveAgent(new OpenAIResponsesClient({ model: 'm', apiKey: 'none' }));
  const { port } = new URL(taken.url);

  const results = await Promise.all([port, '99999', 'abc'].map((name) => run(['main.ts', name])));

  expect(results.map(({ stderr }) => stderr.trimEnd().split('\n').at(-1))).toEqual([
    `error config_invalid: Cannot listen on port ${port} (EADDRINUSE). Choose another one.`,
    'error config_invalid: Cannot listen on port 99999 (ERR_SOCKET_BAD_PORT). Choose another one.',
    'error config_invalid: "abc" is not a port. Pass a number such as 3000.',
  ]);
  expect(results.map(({ status }) => status)).toEqual([1, 1, 1]);
});

test('a database that cannot be opened is named', async () => {
  const file = `${import.meta.filename}/served.db`;

  const serving = serveAgent(new OpenAIResponsesClient({ model: 'm', apiKey: 'none' }), { file });

  await expect(serving).rejects.toMatchObject({
    code: 'config_invalid',
    message: `Cannot open a database at ${file}. This process must be able to write there.`,
  });
});

async function firstOf(stream: NodeJS.ReadableStream, pattern: RegExp): Promise<string> {
  let text = '';
  for await (const piece of stream) {
    text += String(piece);
    if (pattern.test(text)) break;
  }
  return text;
}
