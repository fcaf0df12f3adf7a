// Answers of POST /chat/ui that outlive their reader, with the unmodified client of the AI SDK.
import { tool } from '@turnstream/core';
import { answer, callTool, httpError, reply, resetAfter, stallAfter } from '@turnstream/testkit';
import { lastAssistantMessageIsCompleteWithToolCalls } from 'ai';
import { expect, test } from 'vitest';
import type { Authenticate } from '../../src/http/identity.ts';
import { openRig, type Rig } from '../app-rig.ts';
import { five, paying } from '../paying.ts';
import { gate } from './gate.ts';
import { type ChatMessage, chatAt, shown } from './ui-chat.ts';

const ui = { history: 'server', resume: true } as const;
const question: ChatMessage = { id: 'm1', role: 'user', parts: [{ type: 'text', text: 'Tell me a story.' }] };
const stuck = reply(['Once ', 'upon'], { fault: stallAfter({ chunks: 1 }) });
const story = reply(['Once ', 'upon ', 'a time.']);

test.each(['server', 'client'] as const)(
  'a page that was reloaded gets the whole answer, and the next turn builds on it, kept by the %s',
  async (history) => {
    const { middleware, open } = gate();
    const steps = [story, reply('The end.')];
    await using rig = await openRig({ ui: { history, resume: true }, agent: { middleware: [middleware] }, steps });
    const { messages } = await leaveInTheMiddle(rig);
    const reloaded = chatAt(rig.url, structuredClone(messages));

    const { ended } = await resumeInTheMiddle(reloaded);
    open();
    await ended;
    const resumed = [reloaded.status, reloaded.messages.length, shown(reloaded)];
    await reloaded.sendMessage({ text: 'Go on.' });

    expect(resumed).toEqual(['ready', 2, ['step-start', ['text', 'Once upon a time.']]]);
    expect(rig.model.requests[1]!.texts).toEqual(['Tell me a story.', 'Once upon a time.', 'Go on.']);
  },
);

test('several readers get the same answer, and one that leaves does not stop it', async () => {
  const { middleware, open } = gate();
  await using rig = await openRig({ ui, agent: { middleware: [middleware] }, steps: [story] });
  const first = await leaveInTheMiddle(rig);
  const [one, two] = [chatAt(rig.url, [question]), chatAt(rig.url, [question])];

  const resuming = [await resumeInTheMiddle(one), await resumeInTheMiddle(two)];
  open();
  await Promise.all(resuming.map(({ ended }) => ended));

  expect([one, two].map(shown)).toEqual([one, two].map(() => ['step-start', ['text', 'Once upon a time.']]));
  expect(shown(first)).toEqual(['step-start', ['text', 'Once ']]);
  expect(rig.model.requests[0]!.closedEarly).toBe(false);
});

test('an answer is stopped by its own route: readers get its end, and the next turn knows what came', async () => {
  await using rig = await openRig({ ui, steps: [stuck, reply('A time.')] });
  const chat = chatAt(rig.url);
  const sending = chat.sendMessage({ text: 'Tell me a story.' });
  await expect.poll(() => shown(chat)).toEqual(['step-start', ['text', 'Once ']]);

  const stopped = await rig.post('/chat/ui/chat-1/stop');
  await sending;
  await chat.sendMessage({ text: 'Go on.' });

  expect([stopped.status, chat.messages[1]!.metadata?.status]).toEqual([204, 'cancelled']);
  expect(rig.model.requests[0]).toMatchObject({ closedEarly: true, bytesAfterLeaving: 0 });
  const marked = 'Once \n[This answer was interrupted here.]';
  expect([chat.status, rig.model.requests[1]!.texts]).toEqual(['ready', ['Tell me a story.', marked, 'Go on.']]);
});

test('an answer that continues after an approval is resumed from the beginning of its message', async () => {
  const { pay, paid } = paying();
  const look = tool({ name: 'look', description: 'What the page shows.' });
  const asks = answer([callTool('look', {}), callTool('pay', [five], { callId: 'call_1' })]);
  const { middleware, open } = gate();
  const steps = [asks, reply(['All ', 'done.'])];
  await using rig = await openRig({ ui, agent: { tools: [pay, look], middleware: [middleware] }, steps });
  const chat = chatAt(rig.url);
  await chat.sendMessage({ text: 'Pay five euros.' });
  await chat.addToolOutput({ tool: 'look' as never, toolCallId: 'call_1_1', output: 'a bill' });
  void chat.addToolApprovalResponse({ id: 'call_1', approved: true });
  await expect.poll(() => shown(chat).at(-1)).toEqual(['text', 'All ']);
  await chat.stop();
  const reloaded = chatAt(rig.url, structuredClone(chat.messages));

  const { ended } = await resumeInTheMiddle(reloaded);
  open();
  await ended;

  expect([reloaded.status, reloaded.messages.length, paid]).toEqual(['ready', 2, [5]]);
  expect(shown(reloaded)).toEqual([
    'step-start',
    ['tool-look', 'output-available', {}, 'a bill'],
    ['tool-pay', 'output-available', { euros: 5 }, 'paid 5'],
    'step-start',
    ['text', 'All done.'],
  ]);
});

test.each(['server', 'client'] as const)(
  'an answer that continues with a result of the page is resumed from the beginning of its message, kept by the %s',
  async (history) => {
    const look = tool({ name: 'look', description: 'What the page shows.' });
    const { middleware, open } = gate();
    await using rig = await openRig({
      ui: { history, resume: true },
      agent: { tools: [look], middleware: [middleware] },
      steps: [callTool('look', {}, { callId: 'call_1' }), reply(['A ', 'map.'])],
    });
    const chat = chatAt(rig.url, [], { sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls });
    await chat.sendMessage({ text: 'What do I see?' });
    void chat.addToolOutput({ tool: 'look' as never, toolCallId: 'call_1', output: 'Oslo' });
    await expect.poll(() => shown(chat).at(-1)).toEqual(['text', 'A ']);
    await chat.stop();
    const reloaded = chatAt(rig.url, structuredClone(chat.messages));

    const { ended } = await resumeInTheMiddle(reloaded);
    open();
    await ended;

    expect([reloaded.status, reloaded.messages.length]).toEqual(['ready', 2]);
    expect(shown(reloaded)).toEqual([
      'step-start',
      ['tool-look', 'output-available', {}, 'Oslo'],
      'step-start',
      ['text', 'A map.'],
    ]);
  },
);

test('nothing that has ended, and nobody else’s answer, can be resumed or stopped', async () => {
  const authenticate: Authenticate = async ({ headers }) => headers.authorization?.slice('Bearer '.length) ?? null;
  await using rig = await openRig({ ui, identity: { authenticate }, steps: [reply('Hi.'), stuck] });
  await chatAt(rig.url, [], { token: 'ann' }).sendMessage({ text: 'Hi' });
  const as = (name: string) => ({ headers: { authorization: `Bearer ${name}` } });

  const ended = await rig.get('/chat/ui/chat-1/stream', as('ann'));
  const asking = chatAt(rig.url, [], { token: 'ann' }).sendMessage({ text: 'Again' });
  await expect.poll(() => rig.model.requests[1]?.chunksSent).toBe(1);
  const theirs = await rig.get('/chat/ui/chat-1/stream', as('eve'));
  await rig.post('/chat/ui/chat-1/stop', undefined, as('eve'));
  const stillRuns = !rig.model.requests[1]!.closedEarly;
  await rig.post('/chat/ui/chat-1/stop', undefined, as('ann'));
  await asking;

  expect([ended.status, theirs.status, stillRuns]).toEqual([204, 204, true]);
});

test('a running answer is resumed by GET alone, so that a HEAD request cannot hold a slot', async () => {
  await using rig = await openRig({ ui, steps: [stuck] });
  const asking = chatAt(rig.url).sendMessage({ text: 'Hi' });
  await expect.poll(() => rig.model.requests[0]?.chunksSent).toBe(1);

  const head = await rig.get('/chat/ui/chat-1/stream', { method: 'HEAD' });
  const resumed = await rig.get('/chat/ui/chat-1/stream');
  await rig.post('/chat/ui/chat-1/stop', undefined);
  await asking;

  expect([head.status, resumed.status]).toEqual([404, 200]);
  await resumed.text();
});

test.each(['server', 'client'] as const)(
  'a second question waits for the first answer, and an answer that fails is an error for a late reader too, kept by the %s',
  async (history) => {
    const { middleware, open } = gate();
    const broken = reply(['Once ', 'upon ', 'a time.'], { fault: resetAfter({ chunks: 2 }) });
    await using rig = await openRig({
      ui: { history, resume: true },
      agent: { middleware: [middleware] },
      steps: [broken, httpError(500)],
    });
    await leaveInTheMiddle(rig);
    const [second, late] = [chatAt(rig.url), chatAt(rig.url, [question])];

    await second.sendMessage({ text: 'And now?' });
    const { ended } = await resumeInTheMiddle(late);
    open();
    await ended;
    await late.regenerate();

    expect(second.error?.message).toContain('Another turn of this session is in progress');
    expect(shown(late)).toEqual([]);
    expect([late.status, late.error?.message]).toEqual(['error', "The model's service failed. Ask again later."]);
  },
);

test('a reader that reads nothing does not keep the next turn waiting', async () => {
  const long = reply(Array.from({ length: 200 }, () => 'x'.repeat(40_000)));
  await using rig = await openRig({
    ui,
    api: 'chat_completions',
    // Its 8 MB take a busy machine longer than a chat may wait.
    guards: { maxBytes: 1e8, firstUpdateMs: 60_000, idleMs: 60_000, totalMs: 120_000 },
    steps: [long, reply('Here.')],
  });
  const stalled = await rig.post('/chat/ui', { id: 'chat-1', messages: [question] });
  await expect.poll(() => rig.log.join('')).toContain('stream done');

  const next = await rig.post('/chat/ui', { id: 'chat-1', messages: [{ ...question, id: 'm2' }] });

  expect([next.status, await next.text()]).toEqual([200, expect.stringContaining('Here.')]);
  await stalled.body?.cancel();
});

test('a server that goes away ends every reader with an error', async () => {
  await using rig = await openRig({ ui, steps: [stuck] });
  const chat = chatAt(rig.url);
  const sending = chat.sendMessage({ text: 'Tell me a story.' });
  await expect.poll(() => shown(chat)).toEqual(['step-start', ['text', 'Once ']]);
  const reloaded = chatAt(rig.url, [question]);
  const { ended } = await resumeInTheMiddle(reloaded);

  await rig.app.close();
  await Promise.all([sending, ended]);
  await rig.model.requests[0]!.closed;

  const message = 'The server is shutting down. Ask again soon.';
  expect([chat, reloaded].map(({ status, error }) => [status, error?.message])).toEqual([
    ['error', message],
    ['error', message],
  ]);
  expect(rig.model.requests[0]!.closedEarly).toBe(true);
});

/** Asks, and closes the page once the first words are there. */
async function leaveInTheMiddle(rig: Rig): Promise<ReturnType<typeof chatAt>> {
  const chat = chatAt(rig.url);
  const sending = chat.sendMessage({ text: 'Tell me a story.' });
  await expect.poll(() => shown(chat).length).toBe(2);
  await chat.stop();
  await sending;
  return chat;
}

/** Resolves when the first words of the resumed answer are there. */
async function resumeInTheMiddle(chat: ReturnType<typeof chatAt>): Promise<{ readonly ended: Promise<void> }> {
  const ended = chat.resumeStream();
  await expect.poll(() => chat.status).toBe('streaming');
  return { ended };
}
