// `useChat` over this package's own transport: an answer is whole only with its end mark.
import { Chat } from '@ai-sdk/react';
import { reply, stallAfter } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { UiTransport, type UiTransportOptions } from '../../src/client/index.ts';
import { openRig, TOKEN } from '../app-rig.ts';
import { type ChatMessage, shown } from '../protocols/ui-chat.ts';
import { broken, open, scriptedServer, stream } from '../scripted-server.ts';

const start = frame({ type: 'start' }, { type: 'start-step' }, { type: 'text-start', id: 't' });
const half = `${start}${frame({ type: 'text-delta', id: 't', delta: 'It shi' })}`;
const end = frame({ type: 'text-end', id: 't' }, { type: 'finish-step' }, { type: 'finish' });
const stuck = reply(['It ', 'shipped.'], { fault: stallAfter({ chunks: 1 }) });

test.each(['server', 'client'] as const)('two turns of a chat whose history is kept by the %s', async (history) => {
  await using rig = await openRig({ ui: { history }, steps: [reply('It shipped.'), reply('Tomorrow.')] });
  const chat = chatAt(rig.url, { history, token: async () => TOKEN });

  await chat.sendMessage({ text: 'Where is my order?' });
  await chat.sendMessage({ text: 'When does it arrive?' });

  expect([chat.status, shown(chat)]).toEqual(['ready', ['step-start', ['text', 'Tomorrow.']]]);
  expect(rig.model.requests[1]!.texts).toEqual(['Where is my order?', 'It shipped.', 'When does it arrive?']);
});

test.each([
  ['ends cleanly', stream(half)],
  ['ends cleanly with [DONE]', stream(`${half}data: [DONE]\n\n`)],
  ['breaks', broken(half)],
])('an answer that %s before its end mark is an error, and what came stays', async (_how, answer) => {
  await using server = await scriptedServer(answer);
  const chat = chatAt(server.url);

  await chat.sendMessage({ text: 'Where is my order?' });

  expect([chat.status, chat.error]).toEqual(['error', expect.objectContaining({ code: 'stream_truncated' })]);
  expect(shown(chat)).toEqual(['step-start', ['text', 'It shi']]);
});

test('an answer whose connection breaks behind its end mark is whole', async () => {
  await using server = await scriptedServer(broken(half + end));
  const chat = chatAt(server.url);

  await chat.sendMessage({ text: 'Where is my order?' });

  expect([chat.status, chat.error]).toEqual(['ready', undefined]);
});

test('an answer that broke off and cannot be resumed stays an error', async () => {
  const nothing = (response: import('node:http').ServerResponse): void => void response.writeHead(204).end();
  await using server = await scriptedServer(stream(half), nothing);
  const chat = chatAt(server.url);
  await chat.sendMessage({ text: 'Where is my order?' });

  await chat.resumeStream();

  expect([chat.status, chat.error]).toEqual(['error', expect.objectContaining({ code: 'stream_truncated' })]);
  expect(server.asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'POST /chat/ui',
    'GET /chat/ui/chat-1/stream',
  ]);
});

test('a chat that has nothing to resume is ready', async () => {
  await using rig = await openRig({ ui: { history: 'server', resume: true } });
  const chat = chatAt(rig.url);

  await chat.resumeStream();

  expect([chat.status, chat.error]).toEqual(['ready', undefined]);
});

test('a reader can leave and come back, and stopping needs a call of its own', async () => {
  await using rig = await openRig({ ui: { history: 'server', resume: true }, steps: [stuck] });
  const transport = new UiTransport({ url: rig.url, token: TOKEN });
  const chat = new Chat<ChatMessage>({ id: 'chat-1', transport });
  const sending = chat.sendMessage({ text: 'Where is my order?' });
  await expect.poll(() => shown(chat).length).toBe(2);
  await chat.stop();
  await sending;
  const afterLeaving = rig.model.requests[0]!.closedEarly;

  const resuming = chat.resumeStream();
  await transport.stopAnswer('chat-1');
  await resuming;
  await rig.model.requests[0]!.closed;

  expect([afterLeaving, chat.status, shown(chat)]).toEqual([false, 'ready', ['step-start', ['text', 'It ']]]);
  expect(rig.model.requests[0]).toMatchObject({ closedEarly: true });
});

test('stopping closes the connection of the model', async () => {
  await using rig = await openRig({ ui: { history: 'server' }, steps: [stuck] });
  const chat = chatAt(rig.url);
  const sending = chat.sendMessage({ text: 'Where is my order?' });
  await expect.poll(() => shown(chat).length).toBe(2);

  await chat.stop();
  await sending;
  await rig.model.requests[0]!.closed;

  expect([chat.status, rig.model.requests[0]!.closedEarly]).toEqual(['ready', true]);
});

test('a refusal has the server’s code and words', async () => {
  await using rig = await openRig({ ui: { history: 'server' } });
  const chat = chatAt(rig.url, { token: 'wrong' });

  await chat.sendMessage({ text: 'Hi' });

  expect(chat.error).toMatchObject({
    code: 'auth',
    status: 401,
    message: 'The request has no valid token. Send `Authorization: Bearer ...`.',
  });
});

test('what a caller adds to a request is sent, and a chunk that cannot be read is an error', async () => {
  await using server = await scriptedServer(stream('data: {"no":"type"}\n\n'));
  const chat = chatAt(server.url);

  await chat.sendMessage({ text: 'Hi' }, { headers: { 'x-trace': '1' }, body: { page: 'orders' } });

  expect(chat.error).toMatchObject({ code: 'stream_malformed' });
  expect(server.asked[0]!.headers).toMatchObject({ 'x-trace': '1', authorization: `Bearer ${TOKEN}` });
  expect(JSON.parse(server.asked[0]!.body)).toMatchObject({
    page: 'orders',
    id: 'chat-1',
    messages: [{ role: 'user' }],
  });
});

test('a reader that stops while nothing comes closes the connection', async () => {
  await using server = await scriptedServer(open(half));
  const chat = chatAt(server.url);
  const sending = chat.sendMessage({ text: 'Hi' });
  await expect.poll(() => shown(chat).length).toBe(2);

  await chat.stop();
  await sending;

  await server.asked[0]!.closed;
  expect(chat.status).toBe('ready');
});

function chatAt(url: string, options: Partial<UiTransportOptions> = {}): Chat<ChatMessage> {
  return new Chat<ChatMessage>({ id: 'chat-1', transport: new UiTransport({ url, token: TOKEN, ...options }) });
}

function frame(...chunks: readonly object[]): string {
  return chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('');
}
