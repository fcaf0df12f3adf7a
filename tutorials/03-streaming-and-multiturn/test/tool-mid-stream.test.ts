// A tool call in the middle of a stream, on both APIs: what comes in which order, and what the model was sent.
import { Agent, type AgentResponseUpdate, type ChatClient } from '@turnstream/core';
import { answer, callTool, mockModel, reply, type Step } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { CallArguments } from '../call-arguments.ts';
import { INSTRUCTIONS, streamAnswer } from '../chat.ts';
import { UpdateLines } from '../update-lines.ts';
import { weatherTool } from '../weather-tool.ts';
import { bothApis, pipeScreen } from './both-apis.ts';

const question = 'What is the weather in Paris and in Tokyo?';
const paris = { callId: 'call_1', name: 'get_weather', arguments: '{"city":"Paris"}' };
const tokyo = { callId: 'call_2', name: 'get_weather', arguments: '{"city":"Tokyo"}' };

/** Text, then two calls whose fragments take turns. */
function looksBothUp(): Step {
  return answer(
    [
      reply(['Let me ', 'look. ']),
      callTool('get_weather', ['{"city":', '"Paris"}'], { callId: 'call_1' }),
      callTool('get_weather', ['{"city":', '"Tokyo"}'], { callId: 'call_2' }),
    ],
    { interleave: true },
  );
}

function toolAgent(client: ChatClient): Agent {
  return new Agent({ client, instructions: INSTRUCTIONS, name: 'chat-agent', tools: [weatherTool] });
}

/** Every fragment of a call, every result and every text, in the order they came. */
function seen(updates: readonly AgentResponseUpdate[]): string[] {
  return updates.flatMap(({ contents }) =>
    contents.flatMap((content) => {
      if (content.type === 'function_call')
        return content.arguments === '' ? [] : [`${content.callId} ${content.arguments}`];
      if (content.type === 'function_result') return [`${content.callId} -> ${content.result}`];
      return 'text' in content ? [content.text] : [];
    }),
  );
}

test.each(bothApis)(
  'text, fragments of calls, results and text again come in this order, over %s',
  async (_, clientFor) => {
    using model = mockModel(looksBothUp(), reply(['Sun ', 'and rain.']));

    const updates = await Array.fromAsync(toolAgent(clientFor(model.baseURL)).runStreaming(question));

    expect(seen(updates)).toEqual([
      'Let me ',
      'look. ',
      'call_1 {"city":',
      'call_2 {"city":',
      'call_1 "Paris"}',
      'call_2 "Tokyo"}',
      'call_1 -> Sunny, 18°C',
      'call_2 -> Rain, 15°C',
      'Sun ',
      'and rain.',
    ]);
  },
);

test.each(bothApis)(
  'fragments joined in arrival order are not JSON; grouped by call id they are the arguments, over %s',
  async (_, clientFor) => {
    using model = mockModel(looksBothUp(), reply('Done.'));
    const received = new CallArguments();

    for await (const update of toolAgent(clientFor(model.baseURL)).runStreaming(question)) received.add(update);

    expect(received.asTheyCame).toBe('{"city":{"city":"Paris"}"Tokyo"}');
    expect([...received.byCall]).toEqual([
      ['call_1', '{"city":"Paris"}'],
      ['call_2', '{"city":"Tokyo"}'],
    ]);
  },
);

test.each(bothApis)(
  'the model is sent text and calls as one message, and each result under its id, over %s',
  async (_, clientFor) => {
    using model = mockModel(looksBothUp(), reply('Sun and rain.'));

    await toolAgent(clientFor(model.baseURL)).runStreaming(question).finalResponse();

    expect(model.requests.map((request) => request.messages)).toEqual([
      [{ role: 'user', text: question }],
      [
        { role: 'user', text: question },
        { role: 'assistant', text: 'Let me look. ', calls: [paris, tokyo] },
        { role: 'tool', text: 'Sunny, 18°C', callId: 'call_1' },
        { role: 'tool', text: 'Rain, 15°C', callId: 'call_2' },
      ],
    ]);
  },
);

test.each(bothApis)(
  'the chat prints a run with tools like any other, and streams both texts, over %s',
  async (_, clientFor) => {
    using model = mockModel(looksBothUp(), reply(['Sun ', 'and rain.']));
    const agent = toolAgent(clientFor(model.baseURL));
    const screen = pipeScreen();

    const chunks = await streamAnswer(agent, question, agent.createSession(), { screen });

    expect(chunks).toEqual(['Let me ', 'look. ', 'Sun ', 'and rain.']);
    expect(screen.output.text).toBe('Let me look. Sun and rain.\n');
  },
);

test.each(bothApis)(
  'an update of a call or a result has no text, so joining every text is still the answer, over %s',
  async (_, clientFor) => {
    using model = mockModel(looksBothUp(), reply('Done.'));
    const stream = toolAgent(clientFor(model.baseURL)).runStreaming(question);

    const updates = await Array.fromAsync(stream);

    const withoutText = updates.filter(({ contents }) =>
      contents.some(({ type }) => type === 'function_call' || type === 'function_result'),
    );
    expect(new Set(withoutText.map((update) => update.text))).toEqual(new Set(['']));
    expect(updates.map((update) => update.text).join('')).toBe((await stream.finalResponse()).text);
  },
);

test.each(bothApis)(
  'leaving in the middle of a call closes the connection, and nothing is looked up, over %s',
  async (_, clientFor) => {
    using model = mockModel(callTool('get_weather', ['{"city":', '"Pa', 'ris"}'], { chunkDelayMs: 5 }));
    const agent = toolAgent(clientFor(model.baseURL));

    for await (const update of agent.runStreaming(question)) if (update.contents.length > 0) break;

    await model.requests[0]!.closed;
    expect(model.requests).toHaveLength(1);
    expect(model.requests[0]).toMatchObject({ closedEarly: true });
  },
);

test('an update is shown by what it carries, one line each, its calls by number', () => {
  const update: AgentResponseUpdate = {
    text: 'Hi',
    contents: [
      { type: 'text', text: 'Hi' },
      { type: 'function_call', ...paris },
      { type: 'function_call', ...tokyo },
      { type: 'function_result', callId: 'call_1', result: 'Sunny' },
      { type: 'data', uri: 'data:image/png;base64,', mediaType: 'image/png' },
      { type: 'service_item', name: 'web_search_call', opaque: {} },
    ],
    role: 'assistant',
    messageId: null,
    phase: null,
    responseId: null,
    authorName: null,
    finishReason: 'stop',
    usage: null,
    metadata: null,
  };

  const lines = new UpdateLines().of(update);

  expect(lines).toEqual([
    'text      "Hi"',
    'call 1    get_weather {"city":"Paris"}',
    'call 2    get_weather {"city":"Tokyo"}',
    'result 1  "Sunny"',
    'data      image/png',
    'item      web_search_call',
    'finish    stop',
  ]);
});
