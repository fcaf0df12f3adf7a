// What the rounds of a run with tools owe the model and the caller besides the results.
import { expect, onTestFinished, test, vi } from 'vitest';
import * as z from 'zod';
import { Agent, approve, tool, toolResult } from '../../src/index.ts';
import { callsOf, chatUpdate } from '../../src/seams.ts';
import { call, chatUpdateWithId, finished, scriptedClient, sentTexts, wantsTools } from '../scripted-client.ts';

const parameters = z.object({});
const give = tool({ name: 'give', description: 'Gives.', parameters, execute: () => 'here' });
const fail = tool({
  name: 'fail',
  description: 'Fails.',
  parameters,
  execute: () => {
    throw new Error('no');
  },
});
const ask = tool({ name: 'ask', description: 'Asks the caller.', parameters });
const guarded = tool({ name: 'guarded', description: 'Waits.', parameters, approval: 'always', execute: () => 'done' });

test('leaving a run with tools tells the model call under way that nothing more is wanted', async () => {
  const client = scriptedClient([call('1', 'give', '{}'), wantsTools], ['a', 'b', finished]);

  for await (const update of new Agent({ client, tools: [give] }).runStreaming('Go')) if (update.text === 'a') break;

  expect([client.returned, client.closedEarly]).toEqual([1, 1]);
});

test('a round in which one call of several fails counts as failed', async () => {
  const round = [call('1', 'give', '{}'), call('2', 'fail', '{}'), wantsTools];
  const client = scriptedClient(round, round, ['Sorry.', finished]);

  await new Agent({ client, tools: [give, fail] }).run('Go', { limits: { maxToolErrors: 2 } });

  expect(client.requests.map((request) => request.toolChoice)).toEqual(['auto', 'auto', 'none']);
});

test('a request for consent is said by the assistant', async () => {
  const client = scriptedClient([call('1', 'guarded', '{}'), wantsTools]);

  const updates = await Array.fromAsync(new Agent({ client, tools: [guarded] }).runStreaming('Go'));

  expect(updates.at(-1)).toMatchObject({ role: 'assistant', contents: [{ type: 'approval_request', callId: '1' }] });
});

test("calls that are all the caller's leave no results behind, in the stream or in the answer", async () => {
  const client = scriptedClient([call('1', 'ask', '{}'), wantsTools]);
  const stream = new Agent({ client, tools: [ask] }).runStreaming('Go');

  const updates = await Array.fromAsync(stream);

  expect(updates.at(-1)?.finishReason).toBe('tool_calls');
  expect((await stream.finalResponse()).messages.map((message) => message.role)).toEqual(['assistant']);
});

test('a service that keeps the conversation is sent the results alone', async () => {
  const client = scriptedClient(
    ['Wait.', call('1', 'give', '{}'), chatUpdateWithId('resp_1', 'tool_calls')],
    [call('2', 'give', '{}'), chatUpdateWithId('resp_2', 'tool_calls')],
    ['Done.', chatUpdateWithId('resp_3')],
  );
  const agent = new Agent({ client, tools: [give], history: 'service' });

  await agent.run('Go', { session: agent.createSession() });

  const result = (callId: string): object => ({ type: 'function_result', callId, result: 'here' });
  expect(sentTexts(client)).toEqual([['Go'], [[result('1')]], [[result('2')]]]);
  expect(client.requests.map((request) => request.conversation)).toEqual([
    { id: null },
    { id: 'resp_1' },
    { id: 'resp_2' },
  ]);
});

test('the model gets a sentence about a tool that takes too long, and no timer is left', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const hang = tool({
    name: 'hang',
    description: 'Hangs.',
    parameters,
    timeoutMs: 50,
    execute: () => Promise.withResolvers<string>().promise,
  });
  const quick = tool({ name: 'quick', description: 'Is quick.', parameters, timeoutMs: 60_000, execute: () => 'ok' });
  const client = scriptedClient([call('1', 'hang', '{}'), call('2', 'quick', '{}'), wantsTools], ['Sorry.', finished]);

  const run = new Agent({ client, tools: [hang, quick] }).run('Go');
  await vi.advanceTimersByTimeAsync(50);
  const { messages } = await run;

  expect(messages[1]?.contents).toEqual([
    { type: 'function_result', callId: '1', result: 'Error: Function timed out.', error: 'tool_timeout' },
    { type: 'function_result', callId: '2', result: 'ok' },
  ]);
  expect(vi.getTimerCount()).toBe(0);
});

test('an answer that asks for consent, is refused or is cut short has no value, and is not held against the schema', async () => {
  const output = z.object({ a: z.number() });
  const client = scriptedClient(
    [call('1', 'guarded', '{}'), wantsTools],
    [chatUpdate({ contents: [{ type: 'refusal', text: 'No.' }] }), finished],
    ['{"a":', chatUpdate({ finishReason: 'length' })],
  );
  const agent = new Agent({ client, tools: [guarded] });

  const answers = [
    await agent.run('1', { output }),
    await agent.run('2', { output }),
    await agent.run('3', { output }),
  ];

  expect(answers.map(({ value }) => value)).toEqual([undefined, undefined, undefined]);
});

test('the value is read from the last message of the answer, reasoning left out', async () => {
  const output = z.object({ a: z.number() });
  const client = scriptedClient(
    ['Let me see.', call('1', 'give', '{}'), wantsTools],
    [chatUpdate({ contents: [{ type: 'text_reasoning', text: 'Hm' }] }), '{"a":', '1}', finished],
  );

  const { value } = await new Agent({ client, tools: [give] }).run('Go', { output });

  expect(value).toEqual({ a: 1 });
});

test('calls are approved and answered although their ids repeat in every answer', async () => {
  const client = scriptedClient(
    [call('call_0', 'give', '{}'), wantsTools],
    [call('call_0', 'guarded', '{}'), wantsTools],
    [call('call_0', 'ask', '{}'), wantsTools],
    ['Done.', finished],
  );
  const agent = new Agent({ client, tools: [give, guarded, ask] });
  const session = agent.createSession();
  const { approvals } = await agent.run('Go', { session });

  const { messages } = await agent.run(approvals.map(approve), { session });
  const { text } = await agent.run(toolResult(messages.flatMap(callsOf).at(-1)!.callId, 'yes'), { session });

  expect(text).toBe('Done.');
});
