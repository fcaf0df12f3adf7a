// Background runs whose responses ask for tools.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { Agent, approve, MemoryHistory, tool } from '../../src/index.ts';
import { chatUpdate } from '../../src/seams.ts';
import { type ScriptedResponse, scriptedBackground } from '../scripted-background.ts';
import { call, finished, text, wantsTools } from '../scripted-client.ts';
import { giveTool } from './give-tool.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const usage = { inputTokens: 1, outputTokens: 1, totalTokens: 2 };
const asksThenAnswers: readonly ScriptedResponse[] = [
  {
    looks: ['queued', 'completed'],
    answer: [call('c1', 'give', '{}'), chatUpdate({ finishReason: 'tool_calls', usage })],
  },
  { looks: ['queued', 'completed'], answer: [text('Given.'), chatUpdate({ finishReason: 'stop', usage })] },
];

test('tools of a finished response run once, and the run goes on in the background', async () => {
  const done: string[] = [];
  const client = scriptedBackground(...asksThenAnswers);
  const agent = new Agent({ client, tools: [giveTool(() => done.push('gave'))] });
  const session = agent.createSession();
  const run = await agent.runInBackground('Go', { session });

  const seen = [await run.poll(), run.id, await run.poll()];
  const response = await run.wait();

  expect(seen).toEqual(['queued', 'resp_2', 'completed']);
  expect(done).toEqual(['gave']);
  expect(response).toMatchObject({ text: 'Given.', usage: { totalTokens: 4 } });
  expect(response.messages.map((message) => message.role)).toEqual(['assistant', 'tool', 'assistant']);
  expect(client.started[1]?.messages.map((message) => message.role)).toEqual(['user', 'assistant', 'tool']);
  expect(session.state['history']).toMatchObject({
    turns: [[{ contents: 'Go' }, {}, {}, { contents: 'Given.', runId: 'resp_1' }]],
  });
});

test('a run resumed after its tools ran does not run them again, and delivers the whole turn', async () => {
  const done: string[] = [];
  const client = scriptedBackground(...asksThenAnswers);
  const history = new MemoryHistory();
  const agent = new Agent({ client, tools: [giveTool(() => done.push('gave'))], history });
  const run = await agent.runInBackground('Go', { session: agent.createSession({ sessionId: 's1' }) });
  await run.poll();

  const resumed = agent.resumeBackground(JSON.parse(JSON.stringify(run)), {
    session: agent.createSession({ sessionId: 's1' }),
  });
  const response = await resumed.wait();

  expect(done).toEqual(['gave']);
  expect(response).toMatchObject({ text: 'Given.', usage: { totalTokens: 4 } });
  expect((await history.load({ sessionId: 's1' })).messages.map((message) => message.role)).toEqual([
    'user',
    'assistant',
    'tool',
    'assistant',
  ]);
});

test('a run says what its earlier responses wrote, and one resumed elsewhere says the same', async () => {
  const client = scriptedBackground(
    { looks: ['queued', 'completed'], answer: [call('c1', 'give', '{}'), wantsTools] },
    { looks: ['queued'], answer: [] },
  );
  const agent = new Agent({ client, tools: [giveTool()] });
  const run = await agent.runInBackground('Go');
  const before = run.messages;

  await run.poll();
  const resumed = agent.resumeBackground(JSON.parse(JSON.stringify(run)));

  expect(before).toEqual([]);
  expect(run.messages).toEqual([
    { role: 'assistant', contents: [{ type: 'function_call', callId: 'c1', name: 'give', arguments: '{}' }] },
    { role: 'tool', contents: [{ type: 'function_result', callId: 'c1', result: 'here' }] },
  ]);
  expect(resumed.messages).toEqual(run.messages);
});

test('updates go on through tools: call, result and text in order', async () => {
  const client = scriptedBackground(
    { looks: ['queued', 'completed'], answer: [call('c1', 'give', '{}'), wantsTools] },
    { looks: ['queued', 'completed'], answer: [text('Given.'), finished] },
  );
  const run = await new Agent({ client, tools: [giveTool()] }).runInBackground('Go', { stream: true });

  const updates = await Array.fromAsync(run.updates());

  expect(updates.map((update) => update.contents[0]?.type ?? update.finishReason)).toEqual([
    'function_call',
    'tool_calls',
    'function_result',
    'text',
    'stop',
  ]);
});

test('updates of a run that was polled to its end give each result behind the call it belongs to', async () => {
  const client = scriptedBackground(
    { looks: ['queued', 'completed'], answer: [call('c1', 'give', '{}'), wantsTools] },
    { looks: ['completed'], answer: [call('c2', 'give', '{}'), wantsTools] },
    { looks: ['completed'], answer: [text('Given.'), finished] },
  );
  const run = await new Agent({ client, tools: [giveTool()] }).runInBackground('Go', { stream: true });
  const reading = run.updates();
  const first = await reading.next();

  await run.poll();
  const rest = await Array.fromAsync(reading);

  const contents = [first.value!, ...rest].flatMap((update) => update.contents);
  expect(contents.map((content) => ('callId' in content ? [content.type, content.callId] : content.type))).toEqual([
    ['function_call', 'c1'],
    ['function_result', 'c1'],
    ['function_call', 'c2'],
    ['function_result', 'c2'],
    'text',
  ]);
});

test('a call that needs consent ends the run with a request, and the next run answers it', async () => {
  const done: string[] = [];
  const remove = tool({
    name: 'remove',
    description: 'Removes.',
    parameters: z.object({}),
    approval: 'always',
    execute: () => done.push('removed'),
  });
  const client = scriptedBackground(
    { looks: ['completed'], answer: [call('c1', 'remove', '{}'), wantsTools] },
    { looks: ['completed'], answer: [text('Done.'), finished] },
  );
  const agent = new Agent({ client, tools: [remove] });
  const session = agent.createSession();
  const { approvals } = await (await agent.runInBackground('Go', { session })).wait();

  const response = await (await agent.runInBackground(approvals.map(approve), { session })).wait();

  expect(done).toEqual(['removed']);
  expect(response.text).toBe('Done.');
});

test('consent without the result of a call for the caller runs the tool, and stores its result without a response', async () => {
  const ask = tool({ name: 'ask', description: 'Asks the caller.' });
  const client = scriptedBackground({
    looks: ['completed'],
    answer: [call('c1', 'give', '{}'), call('c2', 'ask', '{}'), wantsTools],
  });
  const agent = new Agent({ client, tools: [giveTool(() => 'here', 'always'), ask] });
  const session = agent.createSession();
  const { approvals } = await (await agent.runInBackground('Go', { session })).wait();

  const { messages } = await (await agent.runInBackground(approvals.map(approve), { session })).wait();

  expect(messages).toEqual([{ role: 'tool', contents: [{ type: 'function_result', callId: 'c1', result: 'here' }] }]);
  expect(await agent.transcript(session)).toHaveLength(2);
  expect(client.started).toHaveLength(1);
});
