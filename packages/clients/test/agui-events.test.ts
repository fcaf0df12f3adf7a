// Everything that an answer can hold, as `@ag-ui/client` gets it: the client refuses events of a wrong shape or order.
import { type AgentSubscriber, HttpAgent } from '@ag-ui/client';
import { tool } from '@turnstream/core';
import { chatUpdate } from '@turnstream/core/seams';
import { answer, callTool, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { type ServeOptions, serve, TOKEN } from './served.ts';

const server = { history: 'server' } as const;

test('reasoning, commentary, text, sources and files', async () => {
  const contents = [
    { type: 'text_reasoning', text: 'Hm.', id: 'r', part: 0 },
    { type: 'text_reasoning', text: 'So.', id: 'r', part: 1 },
    { type: 'text', text: 'See', annotations: [{ type: 'citation', url: 'https://example.com/', title: 'Example' }] },
    { type: 'uri', uri: 'https://example.com/a.png', mediaType: 'image/png' },
    { type: 'text', text: ' this.' },
  ] as const;
  async function* send() {
    yield chatUpdate({ contents: [{ type: 'text', text: 'Looking it up.' }], phase: 'commentary' });
    yield chatUpdate({ role: 'assistant', contents: [...contents] });
    yield chatUpdate({ finishReason: 'stop' });
  }

  const { events, agent } = await asked({ agui: server, agent: { client: { send } }, steps: [] });

  expect(agent.messages.slice(1)).toMatchObject([
    { role: 'reasoning', content: 'Looking it up.' },
    { role: 'reasoning', content: 'Hm.' },
    { role: 'reasoning', content: 'So.' },
    { role: 'assistant', content: 'See this.' },
  ]);
  expect(events.filter(({ name }) => name !== undefined)).toMatchObject([
    { name: 'citation', value: { url: 'https://example.com/', title: 'Example' } },
    { name: 'file', value: { url: 'https://example.com/a.png', mediaType: 'image/png' } },
  ]);
});

test('the boundaries of a run name the thread, the session, the tokens and how it ended', async () => {
  const { events, agent } = await asked({ agui: server, steps: [reply('Hi.')] });

  const named = { threadId: agent.threadId, runId: 'run-1' };
  const sessionId = expect.stringMatching(/^[\w-]{43}$/);
  expect(events[0]).toEqual({ type: 'RUN_STARTED', ...named, protocolVersion: '1.0', metadata: { sessionId } });
  expect(events.at(-1)).toEqual({
    type: 'RUN_FINISHED',
    ...named,
    outcome: { type: 'success' },
    usage: [expect.objectContaining({ outputTokens: expect.any(Number) })],
    metadata: { status: 'completed', finishReason: 'stop' },
  });
});

test('what a tool reports is an activity, and a file it returns is a part of its result', async () => {
  const photo = tool({
    name: 'photo',
    description: 'Takes a photo.',
    execute: (_input, { report }) => {
      report('1 of 2');
      report('2 of 2');
      return [
        { type: 'text', text: 'Here.' },
        { type: 'data', uri: 'data:image/png;base64,AA==', mediaType: 'image/png' },
      ];
    },
  });
  const steps = [callTool('photo', {}, { callId: 'call_1' }), reply('Done.')];

  const { agent } = await asked({ agui: server, agent: { tools: [photo] }, steps });

  const image = { type: 'image', source: { type: 'data', value: 'AA==', mimeType: 'image/png' } };
  expect(agent.messages.slice(1)).toMatchObject([
    { role: 'assistant', toolCalls: [{ id: 'call_1', function: { name: 'photo', arguments: '{}' } }] },
    { role: 'tool', toolCallId: 'call_1', content: [{ type: 'text', text: 'Here.' }, image] },
    { role: 'activity', activityType: 'tool_progress', content: { toolCallId: 'call_1', progress: '2 of 2' } },
    { role: 'assistant', content: 'Done.' },
  ]);
});

test('parallel calls, one with its name last, are calls of one message', async () => {
  const look = tool({ name: 'look', description: 'Looks.', execute: () => 'seen' });
  const both = answer(
    [callTool('look', ['{', '}'], { callId: 'a' }), callTool('look', ['{', '}'], { callId: 'b', lateName: true })],
    { interleave: true },
  );

  const { agent } = await asked({ agui: server, agent: { tools: [look] }, steps: [both, reply('Done.')] });

  const call = { type: 'function', function: { name: 'look', arguments: '{}' } };
  expect(agent.messages.slice(1)).toMatchObject([
    {
      role: 'assistant',
      toolCalls: [
        { id: 'a', ...call },
        { id: 'b', ...call },
      ],
    },
    { role: 'tool', toolCallId: 'a', content: 'seen' },
    { role: 'tool', toolCallId: 'b', content: 'seen' },
    { role: 'assistant', content: 'Done.' },
  ]);
});

test('a call that is cut short is answered by the server, so that no page runs it', async () => {
  const cut = callTool('look', '{"where":"Os', { callId: 'a', finishReason: 'length' });
  let pending: readonly string[] | undefined;

  const { agent, events } = await asked({ agui: server, steps: [cut] }, (ids) => void (pending = ids));

  expect(pending).toEqual([]);
  expect(agent.messages.at(-1)).toMatchObject({ role: 'tool', content: expect.stringContaining('was stopped') });
  expect(events.at(-1)).toMatchObject({ metadata: { status: 'incomplete', finishReason: 'length' } });
});

type Seen = Parameters<NonNullable<AgentSubscriber['onEvent']>>[0]['event'];

async function asked(
  options: ServeOptions,
  onPending: (ids: readonly string[]) => void = () => {},
): Promise<{ readonly events: readonly Seen[]; readonly agent: HttpAgent }> {
  await using shop = await serve(options);
  const agent = new HttpAgent({ url: `${shop.url}/agui`, headers: { authorization: `Bearer ${TOKEN}` } });
  agent.addMessage({ id: 'm1', role: 'user', content: 'Go' });
  const events: Seen[] = [];
  const tools = [{ name: 'look', description: 'Looks.' }].filter(({ name }) =>
    (options.agent?.tools ?? []).every((each) => each.name !== name),
  );
  await agent.runAgent(
    { runId: 'run-1', tools },
    {
      onEvent: ({ event }) => void events.push(event),
      onRunFinishedEvent: (end) => onPending(end.outcome === 'success' ? end.pendingToolCallIds : []),
    },
  );
  return { events, agent };
}
