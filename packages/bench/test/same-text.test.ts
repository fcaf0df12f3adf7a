// Numbers of peers can only be compared when all of them read the same.
import { expect, test } from 'vitest';
import { startFakeModel } from '../src/fake-model.ts';
import { loadPeer } from '../src/load-peer.ts';
import { chunksOfText } from '../src/wire.ts';

const PEERS = [
  ['fetch', 'chat'],
  ['fetch', 'responses'],
  ['openai', 'chat'],
  ['openai', 'responses'],
  ['turnstream', 'chat'],
  ['turnstream', 'responses'],
] as const;

test.each(PEERS)('%s reads the whole text over %s, streamed and not', async (name, api) => {
  await using model = await startFakeModel();
  const chat = (await loadPeer(name, api))(`${model.origin}/burst/20/v1`);
  const session = chat.createSession();
  const pieces: string[] = [];

  const streamed = await chat.stream(session, 'What is Python?', (text) => pieces.push(text) > 0);
  const whole = await chat.ask(session, 'How old is it?');

  expect(pieces).toEqual(chunksOfText(20));
  expect(streamed).toBe(chunksOfText(20).join(''));
  expect(whole).toBe(streamed);
});

test.each(PEERS)('%s runs the calls of every round over %s and reads the answer after them', async (name, api) => {
  await using model = await startFakeModel();
  const chat = (await loadPeer(name, api))(`${model.origin}/burst-after-3/20/v1`);
  const pieces: string[] = [];

  const streamed = await chat.streamWithTools(chat.createSession(), 'Dry?', (text) => pieces.push(text) > 0);

  expect(pieces).toEqual(chunksOfText(20));
  expect(streamed).toBe(chunksOfText(20).join(''));
});

test.each(PEERS)('%s reads the text behind reasoning over %s', async (name, api) => {
  await using model = await startFakeModel();
  const chat = (await loadPeer(name, api))(`${model.origin}/reasoned/20/v1`);
  const pieces: string[] = [];

  await chat.stream(chat.createSession(), 'What is Python?', (text) => pieces.push(text) > 0);

  expect(pieces).toEqual(chunksOfText(20));
});

test.each(['fetch', 'openai', 'turnstream'] as const)('%s reads the whole text in the background', async (name) => {
  await using model = await startFakeModel();
  const chat = (await loadPeer(name, 'responses'))(`${model.origin}/burst/20/v1`);

  const text = await chat.inBackground?.(chat.createSession(), 'Write a report.');

  expect(text).toBe(chunksOfText(20).join(''));
});
