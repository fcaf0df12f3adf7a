import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { Agent, AgentSession, type HistoryWindow, MemoryHistory, tool } from '../../src/index.ts';
import { callsOf, resultsOf } from '../../src/seams.ts';
import { call, finished, scriptedClient, sentTexts, wantsTools } from '../scripted-client.ts';

test('lastTurns limits what is sent and not what is stored, with a provider and without one', async () => {
  const provider = new MemoryHistory();
  const calls = ['a', 'b', 'c'].map((text) => [text, finished]);
  for (const history of [{ provider, lastTurns: 1 }, { lastTurns: 1 }]) {
    const client = scriptedClient(...calls);
    const agent = new Agent({ client, history });
    const session = agent.createSession({ sessionId: 's1' });

    for (const question of ['1', '2', '3']) await agent.run(question, { session });

    expect(sentTexts(client)).toEqual([['1'], ['1', 'a', '2'], ['2', 'b', '3']]);
  }
  expect((await provider.load({ sessionId: 's1' })).messages).toHaveLength(6);
});

test('what compact makes is sent and not stored', async () => {
  const history: HistoryWindow = {
    compact: async (messages) => [{ role: 'system', contents: `${messages.length} messages before` }],
  };
  const client = scriptedClient(['a', finished], ['b', finished], ['c', finished]);
  const agent = new Agent({ client, history });
  const session = agent.createSession();

  for (const question of ['1', '2', '3']) await agent.run(question, { session });

  expect(sentTexts(client).slice(1)).toEqual([
    ['2 messages before', '2'],
    ['4 messages before', '3'],
  ]);
});

test.each([0, -1, 1.5, Number.NaN])('a window of %d turns is refused', (lastTurns) => {
  const make = (): Agent => new Agent({ client: scriptedClient(), history: { lastTurns } });

  expect(make).toThrow('lastTurns is');
});

test('wherever a conversation with tools is cut, every call sent has its result and every result its call', async () => {
  const give = tool({ name: 'give', description: 'Gives.', parameters: z.object({}), execute: () => 'x' });
  const rounds = [1, 2, 3].flatMap((turn) => [
    [call(`${turn}a`, 'give', '{}'), call(`${turn}b`, 'give', '{"cut":'), wantsTools],
    [`answer ${turn}`, finished],
  ]);
  const full = new Agent({ client: scriptedClient(...rounds), tools: [give] });
  const session = full.createSession();
  for (const question of ['1', '2', '3']) await full.run(question, { session });
  const stored = session.toJSON();
  await fc.assert(
    fc.asyncProperty(fc.nat(15), fc.nat(15), async (from, to) => {
      const client = scriptedClient(['last', finished]);
      const agent = new Agent({ client, tools: [give], history: { compact: (all) => all.slice(from, to) } });

      await agent.run('4', { session: AgentSession.fromJSON(stored) });

      const sent = client.requests.at(-1)?.messages ?? [];
      sent.forEach((message, index) => {
        const answered = (sent[index + 1] === undefined ? [] : resultsOf(sent[index + 1]!)).map(({ callId }) => callId);
        if (callsOf(message).length > 0) expect(answered).toEqual(callsOf(message).map(({ callId }) => callId));
        if (resultsOf(message).length > 0) expect(callsOf(sent[index - 1]!)).not.toEqual([]);
      });
    }),
  );
});
