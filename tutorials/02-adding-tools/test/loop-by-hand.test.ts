// The loop written by hand: the same screen as the agent's while all goes well, and what it does when it does not.
import type { ConfiguredSdk } from '@turnstream/config';
import {
  answer,
  callTool,
  mockModel,
  rawReply,
  reply,
  responseFailed,
  type Step,
  serveModel,
  truncateAfter,
} from '@turnstream/testkit';
import { startDemoModel } from '@turnstream/testkit/demo';
import { OpenAI } from 'openai';
import { expect, test } from 'vitest';
import { answerByHand } from '../loop-by-hand.ts';
import { showUpdates } from '../show-run.ts';
import { weatherAgent } from '../weather-agent.ts';
import { bothApis } from './both-apis.ts';

type Updates = Parameters<typeof showUpdates>[0];

function sdkAt(baseURL: string, api: string): ConfiguredSdk {
  const openai = new OpenAI({ apiKey: 'test-key', baseURL, maxRetries: 0 });
  return {
    openai,
    model: 'gpt-4.1',
    api: api === 'Responses' ? 'responses' : 'chat_completions',
    [Symbol.asyncDispose]: async () => {},
  };
}

async function screenOf(updates: Updates): Promise<string> {
  let screen = '';
  await showUpdates(updates, (text) => {
    screen += text;
  });
  return screen;
}

/** What the loop shows when a model on this machine plays the steps. */
async function byHand(api: string, ...steps: Step[]): Promise<string> {
  await using model = await serveModel(...steps);
  return await screenOf(answerByHand(sdkAt(model.baseURL, api), 'What is the weather in Paris?'));
}

test.each(bothApis)('by hand and through the agent the screen is the same, over %s', async (api, clientFor) => {
  await using model = await startDemoModel({ pace: { firstChunkDelayMs: 0, chunkDelayMs: 0 } });
  const questions = [
    'What is the weather in Paris?',
    'What is the weather in Paris and in Tokyo?',
    'What is the weather in Atlantis?',
    'What is the capital of France?',
    'What is Python? Before you call a tool, say so.',
    'What is the weather in Paris? Before you call a tool, say so.',
  ];

  for (const question of questions) {
    const shownByHand = await screenOf(answerByHand(sdkAt(model.baseURL, api), question));
    const shownByAgent = await screenOf(weatherAgent(clientFor(model.baseURL)).runStreaming(question));

    expect(shownByHand).toBe(shownByAgent);
  }
});

test.each(bothApis)('by hand and through the agent the model is sent the same, over %s', async (api, clientFor) => {
  const calls = answer([
    reply('Let me see. '),
    callTool('get_weather', ['{"ci', 'ty":"Pa', 'ris"}'], { callId: 'call_1' }),
    callTool('get_weather', { city: 'Tokyo' }, { callId: 'call_2' }),
  ]);
  using model = mockModel(calls, reply(['Sun ', 'and rain.']), calls, reply(['Sun ', 'and rain.']));

  const shownByHand = await screenOf(answerByHand(sdkAt(model.baseURL, api), 'Paris and Tokyo?'));
  const shownByAgent = await screenOf(weatherAgent(clientFor(model.baseURL)).runStreaming('Paris and Tokyo?'));

  const [first, second, third, fourth] = model.requests.map(({ instructions, messages, tools }) => ({
    instructions,
    messages,
    tools,
  }));
  expect(shownByHand).toBe(shownByAgent);
  expect([third, fourth]).toEqual([first, second]);
});

test.each(bothApis)('by hand an answer that was cut is shown as if it were whole, over %s', async (api) => {
  const screen = await byHand(
    api,
    reply(['Take ', 'no ', 'umbrella ', 'if.'], { fault: truncateAfter({ chunks: 3 }) }),
  );

  expect(screen).toBe('A: Take no umbrella \n');
});

test('by hand a failed response is shown as the end of an answer', async () => {
  const screen = await byHand('Responses', reply(['It ', 'is '], { fault: responseFailed({ chunks: 1 }) }));

  expect(screen).toBe('A: It \n');
});

test('by hand half an answer with the finish reason error is shown as if it were whole', async () => {
  const screen = await byHand('Chat Completions', chunks([{ content: 'Half ' }, { content: 'an answer' }], 'error'));

  expect(screen).toBe('A: Half an answer\n');
});

test.each(bothApis)('by hand arguments that break off end the program with a SyntaxError, over %s', async (api) => {
  const screen = byHand(api, callTool('get_weather', '{"city":"Par'));

  await expect(screen).rejects.toThrow(SyntaxError);
});

test('by hand a call that is sent twice runs twice', async () => {
  const whole = { id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Paris"}' } };
  const deltas = [0, 1].map((index) => ({ tool_calls: [{ index, ...whole }] }));

  const screen = await byHand('Chat Completions', chunks(deltas, 'tool_calls'), reply('Sunny.'));

  expect(screen.match(/-> Sunny, 18°C/g)).toHaveLength(2);
});

function chunks(deltas: readonly object[], finishReason: string): Step {
  const choices = [...deltas.map((delta) => ({ delta })), { delta: {}, finish_reason: finishReason }];
  const frames = choices.map((choice) => `data: ${JSON.stringify({ choices: [{ index: 0, ...choice }] })}\n\n`);
  return rawReply({ headers: { 'content-type': 'text/event-stream' }, body: [...frames, 'data: [DONE]\n\n'] });
}
