import { Agent, type AgentError, type ChatClient, tool } from '@turnstream/core';
import { chatUpdate } from '@turnstream/core/seams';
import { answer, callTool, mockModel, reply, truncateAfter } from '@turnstream/testkit';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import * as z from 'zod';
import { isSafeKey } from '../../../../scripts/safe-key.ts';
import type { Decoder } from '../../src/call/decoder.ts';
import { ModelCall } from '../../src/call/model-call.ts';
import { ChatDecoder } from '../../src/chat-completions/answer.ts';
import { ResponsesDecoder } from '../../src/responses/answer.ts';
import { bothApisOverAll } from '../both-apis.ts';

const ran: unknown[] = [];
afterEach(() => void ran.splice(0));

/** Takes whatever it is given, so that nothing but the client and the agent stand between a fragment and a run. */
const getWeather = tool({
  name: 'get_weather',
  description: 'Looks up the weather.',
  parameters: z.looseObject({ city: z.string().optional() }),
  execute: (input) => {
    ran.push(input);
    return 'Fog';
  },
});

const context = () => ({ redact: (text: string) => text, requestId: null });

/** A model that answers a question with these bytes, then ends the stream. It answers tool results with an empty message. */
function cutModel(newAnswer: () => Decoder, bytes: () => Uint8Array): ChatClient {
  return {
    send: ({ signal, messages }) => {
      if (messages.at(-1)?.role === 'tool') return ReadableStream.from([chatUpdate({ finishReason: 'stop' })]);
      const response = new Response(bytes().slice(), { headers: { 'content-type': 'text/event-stream' } });
      return new ModelCall({ signal, request: async () => response, answer: newAnswer(), context: context() });
    },
  };
}

const newChat = () => new ChatDecoder(context());
const newResponses = () => new ResponsesDecoder(context(), false);
const encoder = new TextEncoder();

function chatBytes(deltas: readonly object[]): Uint8Array {
  const chunk = (delta: object, finish_reason: string | null = null) =>
    JSON.stringify({ id: 'chatcmpl-1', choices: [{ index: 0, delta, finish_reason }] });
  const frames = [...deltas.map((delta) => chunk(delta)), chunk({}, 'tool_calls'), '[DONE]'];
  return encoder.encode(frames.map((data) => `data: ${data}\n\n`).join(''));
}

type Event = { readonly type: string; readonly [field: string]: unknown };

function responsesBytes(events: readonly Event[]): Uint8Array {
  const response = { id: 'resp_1', status: 'completed', output: [] };
  const frames = [{ type: 'response.created', response }, ...events, { type: 'response.completed', response }];
  const texts = frames.map(({ type, ...rest }, sequence_number) => {
    return `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number, ...rest })}\n\n`;
  });
  return encoder.encode(texts.join(''));
}

const chatCall = (index: number, id: string, fragments: readonly string[]) => [
  { tool_calls: [{ index, id, type: 'function', function: { name: 'get_weather', arguments: '' } }] },
  ...fragments.map((fragment) => ({ tool_calls: [{ index, function: { arguments: fragment } }] })),
];

function responsesCall(index: number, id: string, fragments: readonly string[]): Event[] {
  const place = { item_id: `fc_${id}`, output_index: index };
  const item = (args: string) => ({
    type: 'function_call',
    id: `fc_${id}`,
    call_id: id,
    name: 'get_weather',
    arguments: args,
  });
  const args = fragments.join('');
  return [
    { type: 'response.output_item.added', output_index: index, item: item('') },
    ...fragments.map((delta) => ({ type: 'response.function_call_arguments.delta', ...place, delta })),
    { type: 'response.function_call_arguments.done', ...place, arguments: args },
    { type: 'response.output_item.done', output_index: index, item: item(args) },
  ];
}

/** Short, because each byte of a stream is a cut: one call in two fragments, and one whose first fragment looks whole. */
const oslo = ['{"city":"Os', 'lo"}'];
const lima = ['{}', '', ' '];
const wanted = 'whole: [{"city":"Oslo"},{}]';

const recorded = [
  {
    name: 'Chat Completions',
    newAnswer: newChat,
    bytes: chatBytes([{ role: 'assistant' }, ...chatCall(0, 'call_a', oslo), ...chatCall(1, 'call_b', lima)]),
  },
  {
    name: 'Chat Completions, interleaved',
    newAnswer: newChat,
    bytes: chatBytes(
      [0, 1, 2, 3].flatMap((turn) =>
        [chatCall(0, 'call_a', oslo)[turn] ?? [], chatCall(1, 'call_b', lima)[turn]!].flat(),
      ),
    ),
  },
  {
    name: 'Responses',
    newAnswer: newResponses,
    bytes: responsesBytes([...responsesCall(0, 'call_a', oslo), ...responsesCall(1, 'call_b', lima)]),
  },
  {
    name: 'Responses, without deltas',
    newAnswer: newResponses,
    bytes: responsesBytes([oslo, lima].map((args, index) => responsesCall(index, `call_${index}`, args).at(-1)!)),
  },
];

test.each(recorded)(
  '$name: cut off at any byte, a stream of calls runs all of them or none, and fails as stream_truncated',
  async ({ newAnswer, bytes }) => {
    let length = 0;
    const agent = new Agent({ client: cutModel(newAnswer, () => bytes.subarray(0, length)), tools: [getWeather] });
    const seen: string[] = [];

    for (; length <= bytes.length; length += 1) {
      const ending = await agent.run('Weather?').then(
        () => 'whole',
        (error: AgentError) => error.code,
      );
      seen.push(`${ending}: ${JSON.stringify(ran.splice(0))}`);
    }

    const whole = seen.findIndex((outcome) => outcome.startsWith('whole'));
    expect(whole).toBeGreaterThan(0);
    expect(seen).toEqual(seen.map((_, cut) => (cut < whole ? 'stream_truncated: []' : wanted)));
  },
);

/** Arguments, their text in pieces, and how many of its characters come. */
const cutArguments = fc
  .record({ city: fc.string(), nested: fc.object({ key: fc.string().filter(isSafeKey), maxDepth: 2 }) })
  .chain((args) => fc.record({ args: fc.constant(args), text: fc.constant(JSON.stringify(args)) }))
  .chain(({ args, text }) =>
    fc.record({
      args: fc.constant(args),
      text: fc.constant(text),
      kept: fc.integer({ min: 1, max: text.length }),
      cuts: fc.array(fc.integer({ min: 0, max: text.length }), { maxLength: 8 }),
    }),
  );

function pieces(text: string, cuts: readonly number[]): string[] {
  const ends = [...cuts, text.length].toSorted((left, right) => left - right);
  return ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));
}

test.each([
  {
    name: 'Chat Completions',
    newAnswer: newChat,
    bytesOf: (fragments: string[]) => chatBytes(chatCall(0, 'call_a', fragments)),
  },
  {
    name: 'Responses',
    newAnswer: newResponses,
    bytesOf: (fragments: string[]) => responsesBytes(responsesCall(0, 'call_a', fragments)),
  },
])('$name: a call said to be finished runs on its whole arguments or not at all', async ({ newAnswer, bytesOf }) => {
  await fc.assert(
    fc.asyncProperty(cutArguments, async ({ args, text, kept, cuts }) => {
      ran.splice(0);
      const bytes = bytesOf(pieces(text.slice(0, kept), cuts));
      const client = cutModel(newAnswer, () => bytes);

      const response = await new Agent({ client, tools: [getWeather] }).run('Weather?');

      const isWhole = kept === text.length;
      expect(JSON.stringify(ran)).toBe(isWhole ? JSON.stringify([args]) : '[]');
      expect(response.messages[1]).toMatchObject({
        role: 'tool',
        contents: [isWhole ? { result: 'Fog' } : { error: 'invalid_arguments' }],
      });
    }),
  );
});

const wire = bothApisOverAll.flatMap((api) => [true, false].map((stream) => ({ api, name: api.name, stream })));

test.each(wire)(
  '$name: arguments in three fragments are one call, run once; streamed: $stream',
  async ({ api, stream }) => {
    using model = mockModel(callTool('get_weather', ['{"ci', 'ty":"Os', 'lo"}']), reply('Foggy.'));
    const agent = new Agent({ client: api.newClient({ baseURL: model.baseURL }), tools: [getWeather] });

    const response = stream ? await agent.runStreaming('Weather?').finalResponse() : await agent.run('Weather?');

    expect(ran).toEqual([{ city: 'Oslo' }]);
    expect(response.text).toBe('Foggy.');
  },
);

test.each(wire)(
  '$name: arguments cut in mid-word are not run, the model gets an error, and `{}` is replayed; streamed: $stream',
  async ({ api, stream }) => {
    using model = mockModel(callTool('get_weather', '{"city":"Par'), reply('Sorry.'));
    const agent = new Agent({ client: api.newClient({ baseURL: model.baseURL }), tools: [getWeather] });

    const response = stream ? await agent.runStreaming('Weather?').finalResponse() : await agent.run('Weather?');

    expect(ran).toEqual([]);
    expect(response.text).toBe('Sorry.');
    const replayed = JSON.stringify(model.requests[1]!.body);
    expect(replayed).toContain('"arguments":"{}"');
    expect(replayed).toContain('Error: Argument parsing failed.');
    expect(replayed).not.toContain('Par');
  },
);

test.each(
  wire.flatMap((row) => (['length', 'content_filter'] as const).map((finishReason) => ({ ...row, finishReason }))),
)(
  '$name: an answer that ends with $finishReason runs no call, whole as it looks; streamed: $stream',
  async ({ api, stream, finishReason }) => {
    using model = mockModel(callTool('get_weather', { city: 'Oslo' }, { finishReason }));
    const agent = new Agent({ client: api.newClient({ baseURL: model.baseURL }), tools: [getWeather] });

    const response = stream ? await agent.runStreaming('Weather?').finalResponse() : await agent.run('Weather?');

    expect(ran).toEqual([]);
    expect(response).toMatchObject({ status: 'incomplete', finishReason });
  },
);

test.each(bothApisOverAll)('$name: a stream that stops between two calls runs neither', async (api) => {
  const calls = answer([callTool('get_weather', { city: 'Oslo' }), callTool('get_weather', { city: 'Lima' })], {
    fault: truncateAfter({ chunks: 1 }),
  });
  using model = mockModel(calls);
  const agent = new Agent({ client: api.newClient({ baseURL: model.baseURL }), tools: [getWeather] });

  const run = agent.runStreaming('Weather?').finalResponse();

  await expect(run).rejects.toMatchObject({ code: 'stream_truncated' });
  expect(ran).toEqual([]);
});
