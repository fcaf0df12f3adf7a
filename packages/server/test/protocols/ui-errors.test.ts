// POST /chat/ui: how failures and refusals reach a page, with the unmodified client of the AI SDK.
import { callTool, httpError, reply, resetAfter, stallAfter } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { openRig } from '../app-rig.ts';
import { five, paying } from '../paying.ts';
import { chatAt, shown } from './ui-chat.ts';

const server = { history: 'server' } as const;
const client = { history: 'client' } as const;

test('where the client keeps the history, a tool that needs approval is an error that says so', async () => {
  const { pay, paid } = paying();
  await using rig = await openRig({ ui: client, agent: { tools: [pay] }, steps: [callTool('pay', [five])] });
  const chat = chatAt(rig.url);

  await chat.sendMessage({ text: 'Pay five euros.' });

  expect([chat.status, chat.error?.message, paid]).toEqual([
    'error',
    expect.stringContaining('cannot be given here'),
    [],
  ]);
});

test('an answer that fails is an error in words for people, and can be asked for again without counting twice', async () => {
  const broken = reply(['Once ', 'upon'], { fault: resetAfter({ chunks: 1 }) });
  await using rig = await openRig({
    ui: server,
    steps: [broken, httpError(429, { message: 'org-ours' }), reply('A time.')],
  });
  const chat = chatAt(rig.url);

  await chat.sendMessage({ text: 'Tell me a story.' });
  const first = [chat.status, chat.error?.message];
  await chat.regenerate();
  const second = [chat.status, chat.error?.message];
  await chat.regenerate();

  expect(first).toEqual(['error', 'The stream stopped before the answer was finished. Ask again.']);
  expect(second).toEqual(['error', "The model's service is busy. Ask again later."]);
  expect([chat.status, rig.model.requests[2]!.texts]).toEqual(['ready', ['Tell me a story.']]);
});

test('a server that dies in mid-answer is an error, and what came stays on the page', async () => {
  const stuck = reply(['Once ', 'upon'], { fault: stallAfter({ chunks: 1 }) });
  await using rig = await openRig({ ui: server, steps: [stuck] });
  const chat = chatAt(rig.url);
  const sending = chat.sendMessage({ text: 'Tell me a story.' });
  await expect.poll(() => shown(chat)).toEqual(['step-start', ['text', 'Once ']]);

  rig.app.server.closeAllConnections();
  await sending;

  expect([chat.status, shown(chat)]).toEqual(['error', ['step-start', ['text', 'Once ']]]);
});

test('a refusal is a sentence, because the page shows it as it is', async () => {
  await using rig = await openRig({ ui: server });
  const files = [{ type: 'file' as const, mediaType: 'image/png', url: 'data:image/png;base64,AA==' }];
  const [stranger, long, picture] = [chatAt(rig.url, [], { token: 'wrong' }), chatAt(rig.url), chatAt(rig.url)];

  await stranger.sendMessage({ text: 'Hi' });
  await long.sendMessage({ text: 'x'.repeat(8_001) });
  await picture.sendMessage({ text: 'What is this?', files });

  expect([stranger, long, picture].map(({ error }) => error?.message)).toEqual([
    'The request has no valid token. Send `Authorization: Bearer ...`.',
    'The message cannot be accepted: must have at most 8000 characters.',
    'This server accepts only text. Remove the image/png file from the message.',
  ]);
  expect(rig.model.requests).toEqual([]);
});

test('a reloaded page has no answer to resume', async () => {
  await using rig = await openRig({ ui: server });
  const chat = chatAt(rig.url);

  await chat.resumeStream();

  expect([chat.status, chat.messages]).toEqual(['ready', []]);
});

test('without `resume` there is no stop route', async () => {
  await using rig = await openRig({ ui: server });

  const response = await rig.post('/chat/ui/chat-1/stop');

  expect(response.status).toBe(404);
});
