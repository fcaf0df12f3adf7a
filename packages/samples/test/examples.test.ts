// Each example that an editor shows with a public name does what it says, against the demo model.
import { Agent, AgentError } from '@turnstream/core';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { streamChat } from '@turnstream/server/client';
import { demoFetch } from '@turnstream/testkit/fetch';
import { expect, test, vi } from 'vitest';
import * as examples from '../src/examples.ts';

const demo = demoFetch({ pace: { firstChunkDelayMs: 0, chunkDelayMs: 0 } });
const client = new OpenAIResponsesClient({ model: 'demo', apiKey: 'a-key', fetch: demo.fetch });
const agent = new Agent({ client });

test('an agent is a client with instructions and tools', async () => {
  const { text } = await examples.shopAgent(client).run('What is the order status of order 7?');

  expect(text).toContain('Order 7 is packed.');
  expect(demo.requests.at(-1)?.instructions).toBe('You are the chat of a small shop. Be concise.');
});

test('run resolves with the whole answer, runStreaming prints it as it arrives', async () => {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);

  const text = await examples.capitalOf(agent, 'France');
  await examples.printAnswer(agent, 'What is the capital of France?', agent.createSession());

  expect(text).toBe('The capital of France is Paris.');
  expect(written.length).toBeGreaterThan(5);
  expect(written.join('')).toBe(text);
});

test('a stream that is left is cancelled, with what was seen', async () => {
  const { status, text } = await examples.firstSentence(agent, 'What is Python?');

  expect(status).toBe('cancelled');
  expect(text).toMatch(/^Python is [^.]*\.$/);
});

test('a session carries the first turn into the second, also into another process', async () => {
  const session = agent.createSession();
  await agent.run('Remember the word teal.', { session });

  expect(await examples.ageOf(agent, 'Python')).toBe('1991');
  expect(await examples.inAnotherProcess(agent, JSON.stringify(session), 'Which word was it?')).toContain('teal');
});

test('a background run has a token before it has an answer', async () => {
  const tokens: string[] = [];

  const report = await examples.writeReport(agent, 'Python', (token) => tokens.push(token));

  expect(report).toMatch(/^Report: Python/);
  expect(agent.resumeBackground(JSON.parse(tokens[0]!)).id).toMatch(/^resp_/);
});

test('middleware times tools, and a context provider adds the date', async () => {
  const lines = vi.spyOn(console, 'log').mockImplementation(() => {});
  const timed = new Agent({ client, tools: [examples.orderStatus], middleware: [examples.timed, examples.today] });

  await timed.run('What is the order status of order 7?');

  expect(lines.mock.calls.flat()).toEqual([expect.stringMatching(/^order_status: \d+ ms$/)]);
  expect(demo.requests.at(-1)?.instructions).toMatch(/^Today is \w+ \w+ \d+ \d+\.$/);
});

test('a history with a window remembers', async () => {
  const remembering = examples.withRecentTurns(client);
  const session = remembering.createSession();

  await remembering.run('Remember the word teal.', { session });
  const { text } = await remembering.run('Which word was it?', { session });

  expect(text).toContain('teal');
});

test('an error is read by its code', async () => {
  const limited = new Agent({ client });
  const run = vi.spyOn(limited, 'run');
  run.mockRejectedValueOnce(new AgentError('rate_limited', 'Too many requests.', { retryAfterMs: 500 }));
  run.mockRejectedValueOnce(new AgentError('auth', 'The key was refused.'));

  expect(await examples.answerOrReason(limited, 'Hello')).toBe('Try again in 500 ms.');
  expect(await examples.answerOrReason(limited, 'Hello')).toBe('That failed: auth');
  expect(await examples.answerOrReason(agent, 'Hello')).toBe('Hello. What would you like to know?');
});

test('the app serves the agent', async () => {
  const token = 'a-long-secret-token';
  await using app = await examples.appFor(client, token);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });

  let text = '';
  for await (const event of streamChat({ url, token, message: 'What is the capital of France?' }))
    if (event.type === 'update') text += event.text;

  expect(text).toBe('The capital of France is Paris.');
});
