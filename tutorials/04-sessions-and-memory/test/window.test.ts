// What a window on the history sends, and what stays stored.
import { mockModel, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { inShort, longConversation } from '../long-conversation.ts';
import { statefulAgent } from '../stateful-agent.ts';
import { bothApis } from './both-apis.ts';

test.each(bothApis)('lastTurns sends the last turns, and keeps all of them, over %s', async (_, clientFor) => {
  using model = mockModel(reply('Which one?'));
  const { history: provider, session } = await longConversation();
  const agent = statefulAgent(clientFor(model.baseURL), { provider, lastTurns: 2 });

  await agent.run('Which word was it?', { session });

  expect(model.requests[0]!.texts).toEqual([
    'What is the capital of France?',
    'Paris.',
    'And of Japan?',
    'Tokyo.',
    'Which word was it?',
  ]);
  expect((await provider.load(session)).messages).toHaveLength(12);
});

test.each(bothApis)('what compact makes is sent and not stored, over %s', async (_, clientFor) => {
  using model = mockModel(reply('Teal.'));
  const { history: provider, session } = await longConversation();
  const before = await provider.load(session);
  const agent = statefulAgent(clientFor(model.baseURL), { provider, compact: inShort });

  await agent.run('Which word was it?', { session });

  expect(model.requests[0]!.texts).toEqual([
    'What I said before: Remember the word teal. What is Python in one line? How old is it? What is the capital of France?',
    'And of Japan?',
    'Tokyo.',
    'Which word was it?',
  ]);
  expect((await provider.load(session)).messages.slice(0, 10)).toEqual(before.messages);
});

test('a conversation of one turn is short enough', () => {
  const turn = [
    { role: 'user', contents: 'What is Python?' },
    { role: 'assistant', contents: 'A language.' },
  ] as const;

  expect(inShort(turn)).toBe(turn);
});
