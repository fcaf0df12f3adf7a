// POST /chat/ui with the unmodified client of the AI SDK.
import { tool } from '@turnstream/core';
import { chatUpdate } from '@turnstream/core/seams';
import { answer, callTool, reply, stallAfter } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { memoryStore, openRig } from '../app-rig.ts';
import { five, paying } from '../paying.ts';
import { chatAt, shown } from './ui-chat.ts';

const server = { history: 'server' } as const;
const client = { history: 'client' } as const;

const weather = tool({
  name: 'get_weather',
  description: 'Weather of a city',
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => ({ city, sky: 'rain' }),
});

test.each([server, client])('two turns of a chat whose history is kept by the $history', async (ui) => {
  await using rig = await openRig({ ui, steps: [reply(['A lang', 'uage.']), reply('1991')] });
  const chat = chatAt(rig.url);

  await chat.sendMessage({ text: 'What is Python?' });
  await chat.sendMessage({ text: 'How old is it?' });

  expect([chat.status, shown(chat)]).toEqual(['ready', ['step-start', ['text', '1991']]]);
  expect(rig.model.requests[1]!.texts).toEqual(['What is Python?', 'A language.', 'How old is it?']);
  expect(chat.messages[1]!.metadata).toMatchObject({ status: 'completed', usage: { outputTokens: 2 } });
});

test('the name of a chat belongs to its owner, and the session it names is like any other', async () => {
  const store = memoryStore();
  await using rig = await openRig({ ui: server, store, steps: [reply('Hi Ann.'), reply('Hello again.')] });
  const authenticate = async () => 'eve';
  await using theirs = await openRig({ ui: server, store, identity: { authenticate }, steps: [reply('Hi Eve.')] });
  const chat = chatAt(rig.url);
  await chat.sendMessage({ text: 'I am Ann.' });
  const sessionId = chat.messages[1]!.metadata!.sessionId;

  await chatAt(theirs.url).sendMessage({ text: 'Who am I?' });
  await rig.post('/chat', { message: 'And now?', sessionId });

  expect(theirs.model.requests[0]!.texts).toEqual(['Who am I?']);
  expect(rig.model.requests[1]!.texts).toEqual(['I am Ann.', 'Hi Ann.', 'And now?']);
});

test('a tool runs in a step of its own: its input grows, its output is a value', async () => {
  const step = callTool('get_weather', ['{"ci', 'ty":"Oslo"}']);
  await using rig = await openRig({ ui: server, agent: { tools: [weather] }, steps: [step, reply('Rain.')] });
  const chat = chatAt(rig.url);
  const inputs: unknown[] = [];
  chat['~registerMessagesCallback'](() => inputs.push(shown(chat).at(-1)));

  await chat.sendMessage({ text: 'Weather in Oslo?' });

  expect(shown(chat)).toEqual([
    'step-start',
    ['tool-get_weather', 'output-available', { city: 'Oslo' }, { city: 'Oslo', sky: 'rain' }],
    'step-start',
    ['text', 'Rain.'],
  ]);
  expect(inputs).toContainEqual(['tool-get_weather', 'input-streaming', {}]);
  expect(inputs).toContainEqual(['tool-get_weather', 'input-available', { city: 'Oslo' }]);
});

test('what a tool reports while it runs is its output until it ends', async () => {
  const slow = tool({
    name: 'count',
    description: 'Counts.',
    execute: (_arguments, { report }) => {
      report({ counted: 1 });
      return 'counted to 2';
    },
  });
  await using rig = await openRig({ ui: server, agent: { tools: [slow] }, steps: [callTool('count', {}), reply('2')] });
  const chat = chatAt(rig.url);
  const outputs: unknown[] = [];
  chat['~registerMessagesCallback'](() => outputs.push(shown(chat)[1]));

  await chat.sendMessage({ text: 'Count.' });

  expect(outputs).toContainEqual(['tool-count', 'output-available', {}, { counted: 1 }]);
  expect(shown(chat)[1]).toEqual(['tool-count', 'output-available', {}, 'counted to 2']);
});

test('a tool that fails, and arguments that are no JSON, are errors of their parts', async () => {
  const fails = tool({ name: 'fail', description: 'Fails.', execute: () => Promise.reject(new Error('secret')) });
  const calls = answer([callTool('fail', '{}', { callId: 'a' }), callTool('fail', '{"x', { callId: 'b' })]);
  await using rig = await openRig({ ui: server, agent: { tools: [fails] }, steps: [calls, reply('Sorry.')] });
  const chat = chatAt(rig.url);

  await chat.sendMessage({ text: 'Fail.' });

  expect(shown(chat)).toEqual([
    'step-start',
    ['tool-fail', 'output-error', {}, 'Error: Function failed.'],
    ['tool-fail', 'output-error', '{"x', 'Error: Argument parsing failed.'],
    'step-start',
    ['text', 'Sorry.'],
  ]);
});

test.each([
  [true, 'output-available', 'paid 5', [5]],
  [false, 'output-denied', undefined, []],
])(
  'the page answers an approval with %s, and the answer continues in the same message',
  async (approved, state, output, expected) => {
    const { pay, paid } = paying();
    const asks = answer([reply('I will pay.'), callTool('pay', [five], { callId: 'call_1' })]);
    await using rig = await openRig({ ui: server, agent: { tools: [pay] }, steps: [asks, reply('Done.')] });
    const chat = chatAt(rig.url);
    await chat.sendMessage({ text: 'Pay five euros.' });
    const before = [shown(chat), [...paid], chat.messages[1]!.metadata!.status];

    await chat.addToolApprovalResponse({ id: 'call_1', approved });
    await expect.poll(() => [chat.status, shown(chat).at(-1)]).toEqual(['ready', ['text', 'Done.']]);

    const call = ['tool-pay', 'approval-requested', { euros: 5 }];
    expect(before).toEqual([['step-start', ['text', 'I will pay.'], call], [], 'awaiting_approval']);
    const result = ['tool-pay', state, { euros: 5 }, output].filter((value) => value !== undefined);
    expect(shown(chat)).toEqual(['step-start', ['text', 'I will pay.'], result, 'step-start', ['text', 'Done.']]);
    expect([chat.messages.length, paid]).toEqual([2, expected]);
  },
);

test('an approval of other arguments than the page was sent is refused, and the right one still counts', async () => {
  const { pay, paid } = paying();
  const asks = callTool('pay', [five], { callId: 'call_1' });
  await using rig = await openRig({ ui: server, agent: { tools: [pay] }, steps: [asks, reply('Done.')] });
  await chatAt(rig.url).sendMessage({ text: 'Pay five euros.' });
  const answering = (input: object): unknown => ({
    id: 'chat-1',
    messages: [
      {
        id: 'm2',
        role: 'assistant',
        parts: [
          {
            type: 'tool-pay',
            toolCallId: 'call_1',
            state: 'approval-responded',
            input,
            approval: { id: 'call_1', approved: true },
          },
        ],
      },
    ],
  });

  const forged = await rig.post('/chat/ui', answering({ euros: 500 }));
  const right = await rig.post('/chat/ui', answering({ euros: 5 }));
  const again = await rig.post('/chat/ui', answering({ euros: 5 }));

  await right.text();
  expect([forged.status, right.status, again.status, paid]).toEqual([400, 200, 409, [5]]);
});

test.each([server, client])(
  'an answer that is asked for again takes the place of the first, kept by the $history',
  async (ui) => {
    await using rig = await openRig({ ui, steps: [reply('One.'), reply('Two.'), reply('Better.'), reply('So?')] });
    const chat = chatAt(rig.url);
    await chat.sendMessage({ text: 'First' });
    await chat.sendMessage({ text: 'Second' });

    await chat.regenerate();
    await chat.sendMessage({ text: 'Third' });

    expect(rig.model.requests.map(({ texts }) => texts).slice(2)).toEqual([
      ['First', 'One.', 'Second'],
      ['First', 'One.', 'Second', 'Better.', 'Third'],
    ]);
  },
);

test.each([server, client])('a message that is edited replaces what followed it, kept by the $history', async (ui) => {
  await using rig = await openRig({ ui, steps: [reply('One.'), reply('Two.'), reply('Edited.')] });
  const chat = chatAt(rig.url);
  await chat.sendMessage({ text: 'First' });
  await chat.sendMessage({ text: 'Second' });

  await chat.sendMessage({ text: 'First, edited', messageId: chat.messages[0]!.id });

  expect(rig.model.requests[2]!.texts).toEqual(['First, edited']);
  expect(chat.messages).toHaveLength(2);
});

test.each([server, client])(
  'stopping closes the connection of the model, and the next turn knows what the page shows, kept by the $history',
  async (ui) => {
    const stuck = reply(['Once ', 'upon'], { fault: stallAfter({ chunks: 1 }) });
    await using rig = await openRig({ ui, steps: [stuck, reply('A time.')] });
    const chat = chatAt(rig.url);
    const sending = chat.sendMessage({ text: 'Tell me a story.' });
    await expect.poll(() => shown(chat)).toEqual(['step-start', ['text', 'Once ']]);

    await chat.stop();
    await sending;
    await rig.model.requests[0]!.closed;
    await expect.poll(() => rig.log.some((line) => line.includes('"by":"reader"'))).toBe(true);
    await chat.sendMessage({ text: 'Go on.' });

    expect(rig.model.requests[0]).toMatchObject({ closedEarly: true, bytesAfterLeaving: 0 });
    const marked = 'Once \n[This answer was interrupted here.]';
    expect([chat.status, rig.model.requests[1]!.texts]).toEqual(['ready', ['Tell me a story.', marked, 'Go on.']]);
  },
);

test('reasoning, commentary, sources and files have parts of their own', async () => {
  const contents = [
    { type: 'text_reasoning', text: 'Hm, ', id: 'r', part: 0 },
    { type: 'text_reasoning', text: 'well.', id: 'r', part: 0 },
    { type: 'text_reasoning', text: 'So.', id: 'r', part: 1 },
    { type: 'text', text: 'See', annotations: [{ type: 'citation', url: 'https://example.com/', title: 'Example' }] },
    { type: 'uri', uri: 'https://example.com/a.png', mediaType: 'image/png' },
  ] as const;
  async function* send() {
    yield chatUpdate({ contents: [{ type: 'text', text: 'Looking it up.' }], phase: 'commentary' });
    yield chatUpdate({ role: 'assistant', contents: [...contents] });
    yield chatUpdate({ finishReason: 'content_filter' });
  }
  await using rig = await openRig({ ui: server, agent: { client: { send } } });
  const chat = chatAt(rig.url);

  await chat.sendMessage({ text: 'Go' });

  expect(chat.status).toBe('ready');
  expect(shown(chat)).toMatchObject([
    'step-start',
    ['reasoning', 'Looking it up.'],
    ['reasoning', 'Hm, well.'],
    ['reasoning', 'So.'],
    ['text', 'See'],
    { type: 'source-url', url: 'https://example.com/', title: 'Example' },
    { type: 'file', url: 'https://example.com/a.png', mediaType: 'image/png' },
  ]);
});
