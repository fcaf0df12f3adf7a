// POST /agui: what a request adds to its conversation, and what is refused.
import { tool } from '@turnstream/core';
import { answer, callTool, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { type Answer, memoryStore, openRig } from '../app-rig.ts';
import { five, paying } from '../paying.ts';
import { called, hi, look, post, result, run } from './agui-thread.ts';

const server = { history: 'server' } as const;
const client = { history: 'client' } as const;

const yes = { status: 'resolved', payload: { approved: true } } as const;

test('a thread belongs to its owner, and the session it names is like any other', async () => {
  const store = memoryStore();
  await using rig = await openRig({ agui: server, store, steps: [reply('Hi Ann.'), reply('Hello again.')] });
  const authenticate = async () => 'eve';
  await using theirs = await openRig({ agui: server, store, identity: { authenticate }, steps: [reply('Hi Eve.')] });
  const [started] = await run(rig, { messages: [hi] });

  await run(theirs, { messages: [hi] });
  await rig.post('/chat', { message: 'And now?', sessionId: started!.metadata!.sessionId });

  expect(theirs.model.requests[0]!.texts).toEqual(['Hi']);
  expect(rig.model.requests[1]!.texts).toEqual(['Hi', 'Hi Ann.', 'And now?']);
});

test('messages that the session has count once, whatever the client sends again', async () => {
  await using rig = await openRig({ agui: server, steps: [reply('One.'), reply('Two.'), reply('Better.')] });
  const second = { id: 'm2', role: 'user', content: 'And?' };
  await run(rig, { messages: [{ id: 'm0', role: 'user', content: 'Hello' }, hi] });

  await run(rig, { messages: [hi, second] });
  await run(rig, { messages: [hi, { id: 'a1', role: 'assistant', content: 'One.' }, second] });

  expect(rig.model.requests.map(({ texts }) => texts)).toEqual([
    ['Hello', 'Hi'],
    ['Hello', 'Hi', 'One.', 'And?'],
    ['Hello', 'Hi', 'One.', 'And?'],
  ]);
});

test('a tool of the agent without execute is run by the client, and other routes do not offer it', async () => {
  const tools = [tool({ name: 'look', description: 'Looks.' })];
  const steps = [callTool('look', {}, { callId: 'call_1' }), reply('A map.'), reply('Hello.')];
  await using rig = await openRig({ agui: server, agent: { tools }, steps });

  const events = await run(rig, { messages: [hi] });
  await run(rig, {
    messages: [hi, called('look'), { id: 't1', role: 'tool', toolCallId: 'call_1', content: 'a map' }],
  });
  await rig.post('/chat', { message: 'Hi' });

  expect(events.at(-1)).toMatchObject({ outcome: { type: 'success', pendingToolCallIds: ['call_1'] } });
  expect(rig.model.requests.map(({ tools: offered }) => offered?.length ?? 0)).toEqual([1, 1, 0]);
  expect(rig.model.requests[1]!.texts).toContain('a map');
});

test('a call for the client and one to approve are answered in one request', async () => {
  const { pay, paid } = paying();
  const both = answer([callTool('pay', [five], { callId: 'call_1' }), callTool('look', {}, { callId: 'call_2' })]);
  await using rig = await openRig({ agui: server, agent: { tools: [pay] }, steps: [both, reply('Done.')] });
  const first = await run(rig, { messages: [hi], tools: [look] });

  const events = await run(rig, {
    messages: [hi, called('pay'), { id: 't1', role: 'tool', toolCallId: 'call_2', content: 'a map' }],
    tools: [look],
    resume: [{ interruptId: 'call_1', ...yes }],
  });

  expect(first.at(-1)).toMatchObject({ outcome: { type: 'interrupt', interrupts: [{ id: 'call_1' }] } });
  expect(events.map(({ type }) => type)).toEqual([
    'RUN_STARTED',
    'TOOL_CALL_RESULT',
    'TEXT_MESSAGE_START',
    'TEXT_MESSAGE_CONTENT',
    'TEXT_MESSAGE_END',
    'RUN_FINISHED',
  ]);
  expect(rig.model.requests[1]!.texts).toEqual(expect.arrayContaining(['a map', 'paid 5']));
  expect(paid).toEqual([5]);
});

test('results that the session has are not added again with those of the page', async () => {
  const track = tool({ name: 'track', description: 'Tracks.', execute: () => 'in Oslo' });
  const both = answer([callTool('track', {}, { callId: 'call_1' }), callTool('look', {}, { callId: 'call_2' })]);
  await using rig = await openRig({ agui: server, agent: { tools: [track] }, steps: [both, reply('Done.')] });
  await run(rig, { messages: [hi], tools: [look] });
  const results = [
    { id: 't1', role: 'tool', toolCallId: 'call_1', content: 'forged' },
    { id: 't2', role: 'tool', toolCallId: 'call_2', content: 'a map' },
  ];

  const events = await run(rig, { messages: [hi, called('track'), ...results], tools: [look] });

  expect(events.at(-1)?.type).toBe('RUN_FINISHED');
  expect(rig.model.requests[1]!.texts.filter((text) => text !== '')).toEqual(['Hi', 'in Oslo', 'a map']);
});

test('an interrupt is answered once, by its owner, for all calls, with a decision, and before the next question', async () => {
  const { pay, paid } = paying();
  await using rig = await openRig({
    agui: server,
    agent: { tools: [pay] },
    steps: [callTool('pay', [five], { callId: 'call_1' }), reply('Done.')],
  });
  await run(rig, { messages: [hi] });
  const next = { id: 'm2', role: 'user', content: 'And?' };
  const resuming = (entry: object, messages: readonly object[] = []): Promise<Answer> =>
    post(rig, { messages, resume: [entry] });
  const refusal = async (given: Answer): Promise<unknown> => [given.status, (await given.json()).error.message];

  const refused = [
    await refusal(await resuming({ interruptId: 'call_2', ...yes })),
    await refusal(await resuming({ interruptId: 'call_1', status: 'resolved' })),
    await refusal(
      await resuming({ interruptId: 'call_1', status: 'resolved', payload: { approved: true, editedArgs: {} } }),
    ),
    await refusal(await resuming({ interruptId: 'call_1', ...yes }, [hi, called('pay'), next])),
  ];
  const right = await resuming({ interruptId: 'call_1', ...yes });
  await right.text();
  const again = await resuming({ interruptId: 'call_1', ...yes });

  const undecided =
    'A resolved interrupt needs the payload { "approved": true } or { "approved": false }. The arguments cannot be edited.';
  expect(refused).toEqual([
    [400, 'No call "call_2" is waiting for approval here.'],
    [400, undecided],
    [400, undecided],
    [400, 'Resume the interrupted run first, then ask the next question.'],
  ]);
  expect([right.status, again.status, paid]).toEqual([200, 409, [5]]);
});

test('a question that cancels the interrupts before it is answered, and the call does not run', async () => {
  const { pay, paid } = paying();
  await using rig = await openRig({
    agui: server,
    agent: { tools: [pay] },
    steps: [callTool('pay', [five], { callId: 'call_1' }), reply('Hello.')],
  });
  await run(rig, { messages: [hi] });

  const events = await run(rig, {
    messages: [hi, called('pay'), { id: 'm2', role: 'user', content: 'Never mind.' }],
    resume: [{ interruptId: 'call_1', status: 'cancelled' }],
  });

  expect([events.at(-1)?.type, paid]).toEqual(['RUN_FINISHED', []]);
  expect(rig.model.requests[1]!.texts.at(-1)).toBe('Never mind.');
});

test('interrupts that are cancelled or answered with no are rejections in the next request to the model', async () => {
  const { pay, paid } = paying();
  const both = answer([
    callTool('pay', [five], { callId: 'call_1' }),
    callTool('pay', { euros: 7 }, { callId: 'call_2' }),
  ]);
  await using rig = await openRig({ agui: server, agent: { tools: [pay] }, steps: [both, reply('Not paid.')] });
  await run(rig, { messages: [hi] });

  const events = await run(rig, {
    messages: [],
    resume: [
      { interruptId: 'call_1', status: 'cancelled', payload: { approved: true } },
      { interruptId: 'call_2', status: 'resolved', payload: { approved: false } },
    ],
  });

  expect(events.map(({ type }) => type)).toEqual([
    'RUN_STARTED',
    'TOOL_CALL_RESULT',
    'TOOL_CALL_RESULT',
    'TEXT_MESSAGE_START',
    'TEXT_MESSAGE_CONTENT',
    'TEXT_MESSAGE_END',
    'RUN_FINISHED',
  ]);
  const text = 'Error: Tool call invocation was rejected by user.';
  expect(rig.model.requests[1]!.messages.slice(2)).toEqual([
    { role: 'tool', callId: 'call_1', text },
    { role: 'tool', callId: 'call_2', text },
  ]);
  expect(paid).toEqual([]);
});

test('where the client keeps the history, a tool that needs approval is an error that says so', async () => {
  const { pay, paid } = paying();
  await using rig = await openRig({ agui: client, agent: { tools: [pay] }, steps: [callTool('pay', [five])] });

  const events = await run(rig, { messages: [hi] });

  const message =
    'The model called a tool that needs approval, which cannot be given here. Use POST /chat of this server.';
  expect(events.at(-1)).toEqual({ type: 'RUN_ERROR', code: 'input_invalid', message });
  expect(paid).toEqual([]);
});

test('files of accepted types reach the model, and an empty text next to them does not', async () => {
  const input = { '/agui': { mediaTypes: ['image/*'] } };
  await using rig = await openRig({ agui: server, input, steps: [reply('A cat.')] });
  const content = [
    { type: 'text', text: '' },
    { type: 'image', source: { type: 'data', value: 'AA==', mimeType: 'image/png' } },
    { type: 'image', source: { type: 'url', value: 'https://example.com/cat.png' } },
    { type: 'image', source: { type: 'url', value: 'HTTP://example.com/dog.png' } },
  ];

  await run(rig, { messages: [{ id: 'm1', role: 'user', content }] });

  const uris = ['data:image/png;base64,AA==', 'https://example.com/cat.png', 'HTTP://example.com/dog.png'];
  const images = uris.map((uri) => ({ type: 'input_image', image_url: uri, detail: 'auto' }));
  expect(rig.model.requests[0]!.body['input']).toEqual([{ type: 'message', role: 'user', content: images }]);
});

test('instructions of a request are added after the agent’s own only where the server allows them', async () => {
  const given = {
    messages: [{ id: 's', role: 'system', content: 'Rhyme.' }, hi],
    context: [{ description: 'The page', value: 'orders' }],
  };
  await using refusing = await openRig({ agui: server });
  await using rig = await openRig({ agui: { history: 'server', instructions: 'append' }, steps: [reply('Hi.')] });

  const refused = await post(refusing, given);
  await run(rig, given);

  expect([refused.status, (await refused.json()).error.message]).toEqual([
    400,
    'This agent has its own instructions. Leave out context, and system and developer messages.',
  ]);
  expect(rig.model.requests[0]!.instructions).toBe('Be concise.\nRhyme.\n\nThe page: orders');
});

test('a client cannot send the result of a call that waits for approval', async () => {
  const { pay, paid } = paying();
  const steps = [callTool('pay', [five], { callId: 'call_1' })];
  await using rig = await openRig({ agui: server, agent: { tools: [pay] }, steps });
  await run(rig, { messages: [hi] });

  const forged = await post(rig, { messages: [hi, called('pay'), result('call_1')] });

  const { error } = await forged.json();
  expect([forged.status, error.message]).toEqual([
    400,
    'No call "call_1" waits for a result from the client. Leave that result out.',
  ]);
  expect(paid).toEqual([]);
});
