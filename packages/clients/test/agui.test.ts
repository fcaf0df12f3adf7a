// `HttpAgent` of `@ag-ui/client`, unmodified, against a served agent.
import { type AgentSubscriber, HttpAgent } from '@ag-ui/client';
import type { Interrupt, Message, RunErrorEvent, ToolCall } from '@ag-ui/core';
import { tool } from '@turnstream/core';
import { answer, callTool, reply, resetAfter, stallAfter } from '@turnstream/testkit';
import { afterEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { serve, TOKEN } from './served.ts';
import { passingUnhandled } from './unhandled.ts';

afterEach(() => void vi.restoreAllMocks());

const histories = ['server', 'client'] as const;
const stuck = reply(['It ', 'shipped.'], { fault: stallAfter({ chunks: 1 }) });

const track = tool({
  name: 'track',
  description: 'Where a parcel is.',
  parameters: z.object({ parcel: z.string() }),
  execute: ({ parcel }) => `${parcel} is in Oslo`,
});

const look = { name: 'look', description: 'What the page shows.', parameters: { type: 'object', properties: {} } };

test.each(histories)('two turns of a thread whose history is kept by the %s', async (history) => {
  await using shop = await serve({ agui: { history }, steps: [reply(['It ', 'shipped.']), reply('Tomorrow.')] });
  const agent = agentAt(shop.url);

  await ask(agent, 'Where is my order?');
  await ask(agent, 'When does it arrive?');

  expect(said(agent)).toEqual([
    'user: Where is my order?',
    'assistant: It shipped.',
    'user: When does it arrive?',
    'assistant: Tomorrow.',
  ]);
  expect(shop.model.requests[1]!.texts).toEqual(['Where is my order?', 'It shipped.', 'When does it arrive?']);
});

test.each(histories)('a tool of the agent, in a thread kept by the %s', async (history) => {
  const called = answer([reply('Let me see.'), callTool('track', ['{"par', 'cel":"A1"}'], { callId: 'call_1' })]);
  const steps = [called, reply('In Oslo.'), reply('Bye.')];
  await using shop = await serve({ agui: { history }, agent: { tools: [track] }, steps });
  const agent = agentAt(shop.url);

  await ask(agent, 'Where is parcel A1?');
  await ask(agent, 'Thanks.');

  expect(said(agent)).toEqual([
    'user: Where is parcel A1?',
    'assistant: Let me see. track({"parcel":"A1"})',
    'tool: A1 is in Oslo',
    'assistant: In Oslo.',
    'user: Thanks.',
    'assistant: Bye.',
  ]);
  expect(shop.model.requests[2]!.messages.map(({ role }) => role)).toEqual(
    expect.arrayContaining(['user', 'assistant', 'tool']),
  );
});

test.each(histories)('calls with the same id stay separate, in a thread kept by the %s', async (history) => {
  const called = (parcel: string) => callTool('track', { parcel }, { callId: 'call_0' });
  const steps = [called('A1'), called('B2'), reply('Oslo.'), called('C3'), reply('Oslo.')];
  await using shop = await serve({ agui: { history }, agent: { tools: [track] }, steps });
  const agent = agentAt(shop.url);

  await ask(agent, 'Where are A1 and B2?');
  await ask(agent, 'And C3?');

  expect(agent.messages.flatMap(calls)).toEqual(['A1', 'B2', 'C3'].map((parcel) => `track({"parcel":"${parcel}"})`));
});

test.each(histories)('a tool that the page runs, in a thread kept by the %s', async (history) => {
  const steps = [callTool('look', {}, { callId: 'call_1' }), reply('A map.'), reply('Yes.')];
  await using shop = await serve({ agui: { history }, steps });
  const agent = agentAt(shop.url);
  let pending: readonly string[] = [];

  await ask(agent, 'What do I see?', {
    onRunFinishedEvent: (end) => void (pending = end.outcome === 'success' ? end.pendingToolCallIds : []),
  });
  agent.addMessage({ id: 'seen', role: 'tool', toolCallId: 'call_1', content: 'a map of Oslo' });
  await agent.runAgent({ tools: [look] });
  await ask(agent, 'Is it Oslo?');

  expect(pending).toEqual(['call_1']);
  expect(said(agent)).toEqual([
    'user: What do I see?',
    'assistant: look({})',
    'tool: a map of Oslo',
    'assistant: A map.',
    'user: Is it Oslo?',
    'assistant: Yes.',
  ]);
  expect(shop.model.requests[1]!.texts).toContain('a map of Oslo');
  expect(shop.model.requests[2]!.texts.filter((text) => text === 'a map of Oslo')).toHaveLength(1);
});

test.each([
  ['approves', { status: 'resolved', payload: { approved: true } }, 'paid 5', [5]],
  [
    'rejects',
    { status: 'resolved', payload: { approved: false } },
    'Error: Tool call invocation was rejected by user.',
    [],
  ],
  ['cancels', { status: 'cancelled' }, 'Error: Tool call invocation was rejected by user.', []],
] as const)('an interrupt that its user %s', async (_does, response, result, expected) => {
  const { pay, paid } = paying();
  const asks = callTool('pay', { euros: 5 }, { callId: 'call_1' });
  await using shop = await serve({
    agui: { history: 'server' },
    agent: { tools: [pay] },
    steps: [asks, reply('Done.')],
  });
  const agent = agentAt(shop.url);
  await ask(agent, 'Pay five euros.');
  const [interrupt] = agent.pendingInterrupts as [Interrupt];

  await agent.runAgent({ resume: [{ interruptId: interrupt.id, ...response }] });

  expect(interrupt).toMatchObject({ reason: 'tool_call', toolCallId: 'call_1', message: 'Allow the call of pay?' });
  expect(Date.parse(interrupt.expiresAt!)).toBeGreaterThan(Date.now());
  expect([said(agent).slice(1), paid]).toEqual([
    ['assistant: pay({"euros":5})', `tool: ${result}`, 'assistant: Done.'],
    expected,
  ]);
  expect(agent.pendingInterrupts).toEqual([]);
});

test('an abort closes the connection of the model, and the next turn knows what came', async () => {
  await using shop = await serve({ agui: { history: 'server' }, steps: [stuck, reply('Yes.')] });
  const agent = agentAt(shop.url);
  const running = ask(agent, 'Where is my order?');
  await expect.poll(() => said(agent).at(-1)).toBe('assistant: It ');

  agent.abortRun();
  await running;
  await shop.model.requests[0]!.closed;
  await expect.poll(() => shop.log.join('')).toContain('"by":"reader"');
  await ask(agent, 'All of it?');

  expect(shop.model.requests[0]).toMatchObject({ closedEarly: true, bytesAfterLeaving: 0 });
  const marked = 'It \n[This answer was interrupted here.]';
  expect(shop.model.requests[1]!.texts).toEqual(['Where is my order?', marked, 'All of it?']);
});

test('an answer that fails is a run error in words for people, and can be asked for again', async () => {
  const broken = reply(['It ', 'shipped.'], { fault: resetAfter({ chunks: 1 }) });
  await using shop = await serve({ agui: { history: 'server' }, steps: [broken, reply('It shipped.')] });
  const agent = agentAt(shop.url);
  let error: RunErrorEvent | undefined;

  await ask(agent, 'Where is my order?', { onRunErrorEvent: ({ event }) => void (error = event) });
  agent.setMessages(agent.messages.slice(0, 1));
  await agent.runAgent();

  expect(error).toMatchObject({ code: 'stream_truncated', message: expect.stringContaining('Ask again') });
  expect(said(agent)).toEqual(['user: Where is my order?', 'assistant: It shipped.']);
  expect(shop.model.requests[1]!.texts).toEqual(['Where is my order?']);
});

test('a refusal rejects the run with its status and its words', async () => {
  await using shop = await serve({ agui: { history: 'server' }, steps: [] });
  vi.spyOn(console, 'error').mockReturnValue();
  const agent = agentAt(shop.url, 'wrong');

  const running = ask(agent, 'Hello?');

  await expect(running).rejects.toThrow(/^HTTP 401: .*no valid token/);
});

test('a server that dies in mid-answer rejects the run, and what came stays', async () => {
  await using shop = await serve({ agui: { history: 'server' }, steps: [stuck] });
  vi.spyOn(console, 'error').mockReturnValue();
  using unhandled = passingUnhandled();
  const agent = agentAt(shop.url);
  const running = ask(agent, 'Where is my order?');
  await expect.poll(() => said(agent).at(-1)).toBe('assistant: It ');

  shop.die();

  await expect(running).rejects.toThrow('terminated');
  expect(said(agent).at(-1)).toBe('assistant: It ');
  // The client cancels a reader whose connection broke, and handles the error of that nowhere.
  await expect.poll(() => unhandled.reasons).toMatchObject([{ message: 'terminated' }]);
});

function agentAt(url: string, token: string = TOKEN): HttpAgent {
  return new HttpAgent({ url: `${url}/agui`, headers: { authorization: `Bearer ${token}` } });
}

async function ask(agent: HttpAgent, content: string, subscriber: AgentSubscriber = {}): Promise<void> {
  agent.addMessage({ id: crypto.randomUUID(), role: 'user', content });
  await agent.runAgent({ tools: [look] }, subscriber);
}

/** The messages of a thread, each as a line. */
function said({ messages }: HttpAgent): readonly string[] {
  return messages.map((message) => {
    const content = typeof message.content === 'string' && message.content !== '' ? [message.content] : [];
    return [`${message.role}:`, ...content, ...calls(message)].join(' ');
  });
}

function calls(message: Message): readonly string[] {
  const all: readonly ToolCall[] = message.role === 'assistant' ? (message.toolCalls ?? []) : [];
  return all.map(({ function: { name, arguments: args } }) => `${name}(${args})`);
}

function paying() {
  const paid: number[] = [];
  const pay = tool({
    name: 'pay',
    description: 'Pays.',
    parameters: z.object({ euros: z.number() }),
    approval: 'always',
    execute: ({ euros }) => `paid ${paid.push(euros) && euros}`,
  });
  return { pay, paid };
}
