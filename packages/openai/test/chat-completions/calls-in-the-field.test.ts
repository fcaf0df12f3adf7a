// Calls as compatible servers write them: repeated, under one id, after an end, signed.
import { Agent, AgentSession, tool } from '@turnstream/core';
import type { ChatUpdate } from '@turnstream/core/seams';
import { mockModel, rawReply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ChatDecoder } from '../../src/chat-completions/answer.ts';
import { OpenAIChatCompletionsClient, type ServiceName } from '../../src/index.ts';
import { API_KEY } from '../both-apis.ts';
import { calls, chunk, context, streamed, whole } from './field-answers.ts';

const pay = (index: number, id: string | undefined, fields: object) => ({
  tool_calls: [{ index, ...(id === undefined ? {} : { id }), type: 'function', function: fields }],
});

const signature = { google: { thought_signature: 'c2ln' } };

const signed = { index: 0, id: 'call_1', type: 'function', function: { name: 'now', arguments: '{"zone":"UTC"}' } };

const wholeAnswer = (message: object, finish_reason: string) =>
  JSON.stringify({ id: 'c', choices: [{ index: 0, message, finish_reason }] });

test('tool calls that are announced and not there are stream_malformed', async () => {
  const finish = { finish_reason: 'tool_calls' };

  await expect(streamed([{ content: 'Hi' }], finish)).rejects.toMatchObject({ code: 'stream_malformed' });
  await expect(whole({ content: 'Hi' }, finish)).rejects.toMatchObject({ code: 'stream_malformed' });
});

test('a call that comes again, whole, under its id and another index is the same call', async () => {
  const { contents } = await streamed(
    [
      pay(0, 'x1', { name: 'pay', arguments: '' }),
      pay(0, 'x1', { arguments: '{"euro":' }),
      pay(0, 'x1', { arguments: '5}' }),
      pay(1, 'x1', { name: 'pay', arguments: '{ "euro": 5 }' }),
    ],
    calls,
  );

  expect(contents).toEqual([{ type: 'function_call', callId: 'x1', name: 'pay', arguments: '{"euro":5}' }]);
});

test.each([
  ['without its name', { name: 'pay', arguments: '{"euro":' }, { arguments: '5}' }],
  ['with its name at last', { arguments: '{"euro":' }, { name: 'pay', arguments: '5}' }],
  ['with its name again', { name: 'pay', arguments: '{"euro":' }, { name: 'pay', arguments: '5}' }],
])('a fragment under the id of its call and another index, %s, belongs to it', async (_, first, second) => {
  const { contents } = await streamed([pay(0, 'x1', first), pay(1, 'x1', second)], calls);

  expect(contents).toEqual([{ type: 'function_call', callId: 'x1', name: 'pay', arguments: '{"euro":5}' }]);
});

test('one id on two calls that differ is two calls', async () => {
  const { contents } = await streamed(
    [pay(0, 'x1', { name: 'pay', arguments: '{"euro":5}' }), pay(1, 'x1', { name: 'pay', arguments: '{"euro":7}' })],
    calls,
  );

  expect(contents).toMatchObject([
    { callId: 'x1', arguments: '{"euro":5}' },
    { callId: expect.stringMatching(/^call_/), arguments: '{"euro":7}' },
  ]);
});

test.each([
  ['{} and then the real arguments: the real ones count', ['{}', '{"euro":', '5}'], '{"euro":5}'],
  ['{} alone is the arguments', ['{}'], '{}'],
  ['{} as a nested value is kept', ['{"filter":', '{}', '}'], '{"filter":{}}'],
  ['braces in a string are kept', ['{"code":"f() ', '{ }', '"}'], '{"code":"f() { }"}'],
  ['{} and more in one fragment stays as it came', ['{}{"euro":5}'], '{}{"euro":5}'],
])('%s', async (_, fragments, args) => {
  const deltas = fragments.map((fragment, at) =>
    at === 0 ? pay(0, 'x1', { name: 'pay', arguments: fragment }) : pay(0, undefined, { arguments: fragment }),
  );

  const { contents } = await streamed(deltas, calls);

  expect(contents).toEqual([{ type: 'function_call', callId: 'x1', name: 'pay', arguments: args }]);
});

test('an answer that says more after its finish reason goes on until the next one, which is given out once', () => {
  const decoder = new ChatDecoder(context);
  const updates: ChatUpdate[] = [];
  const take = (delta: object, finish_reason: string | null): void =>
    decoder.takeFrame(undefined, JSON.stringify({ id: 'c', choices: [{ index: 0, delta, finish_reason }] }), updates);

  take(pay(0, 'a', { name: 'pay', arguments: '{"n":0}' }), 'tool_calls');
  const afterFirst = decoder.progress;
  take(pay(1, 'b', { name: 'pay', arguments: '{"n":1}' }), null);
  const between = decoder.progress;
  take({}, 'tool_calls');
  take({}, 'stop');

  expect([afterFirst, between, decoder.progress]).toEqual(['finished', 'open', 'finished']);
  expect(updates.flatMap(({ finishReason }) => finishReason ?? [])).toEqual(['tool_calls']);
});

test.each([
  ['streamed', [chunk({ tool_calls: [{ ...signed, extra_content: signature }] }), chunk({}, 'tool_calls')], true],
  [
    'streamed behind its call',
    [chunk({ tool_calls: [signed] }), chunk({ tool_calls: [{ index: 0, extra_content: signature }] }, 'tool_calls')],
    true,
  ],
  ['whole', [wholeAnswer({ tool_calls: [{ ...signed, extra_content: signature }] }, 'tool_calls')], false],
])("a thought's signature goes back with its call, to the services that sign: %s", async (_, body, isStream) => {
  const type = { 'content-type': isStream ? 'text/event-stream' : 'application/json' };
  const said = rawReply({ headers: type, body });
  const done = rawReply({
    headers: { 'content-type': 'application/json' },
    body: wholeAnswer({ content: 'Noon.' }, 'stop'),
  });
  const execute = (): string => '12:00';
  const tools = [tool({ name: 'now', description: 'The time.', parameters: z.object({ zone: z.string() }), execute })];
  using model = mockModel(said, done, done);
  const clientOf = (service: ServiceName) =>
    new OpenAIChatCompletionsClient({ model: 'm', apiKey: API_KEY, baseURL: model.baseURL, service });
  const agent = new Agent({ client: clientOf('gemini'), tools });
  const session = agent.createSession();

  await agent.runStreaming('Time?', { session }).finalResponse();
  const later = AgentSession.fromJSON(JSON.parse(JSON.stringify(session)));
  await new Agent({ client: clientOf('openai'), tools }).run('And now?', { session: later });

  const sentCalls = model.requests.slice(1).map(({ body: { messages } }) => {
    const [, answer] = messages as readonly { readonly tool_calls?: readonly object[] }[];
    return answer?.tool_calls;
  });
  const { index: _index, ...call } = signed;
  expect(sentCalls).toEqual([[{ ...call, extra_content: signature }], [call]]);
});
