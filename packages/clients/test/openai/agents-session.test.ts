// The conversations of `@openai/agents`, kept by the server.
import { OpenAIConversationsSession, run } from '@openai/agents';
import { callTool, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { serve, TOKEN } from '../served.ts';
import { agentOf } from './agents.ts';
import { look } from './chat.ts';
import { sdkAt } from './sdk.ts';

test('a session of OpenAI Agents is a conversation of the server, and is cleared there', async () => {
  const steps = [callTool('look', {}, { callId: 'call_1' }), reply('A map.'), reply('Yes.')];
  await using shop = await serve({ openai: {}, steps });
  const at = { url: shop.url, token: TOKEN };
  const session = new OpenAIConversationsSession({ client: sdkAt(at) });
  const agent = agentOf(at, 'responses');

  const first = await run(agent, 'What do I see?', { session });
  const second = await run(agent, 'Is it Oslo?', { session });
  const id = await session.getSessionId();
  const items = await session.getItems();
  await session.clearSession();

  expect([first.finalOutput, second.finalOutput]).toEqual(['A map.', 'Yes.']);
  expect(shop.model.requests[2]?.texts).toEqual(['What do I see?', '', look.seen, 'A map.', 'Is it Oslo?']);
  expect(items.map(({ type }) => type ?? 'message')).toEqual(
    ['message', 'function_call', 'function_call_result'].concat(Array(3).fill('message')),
  );
  await expect(sdkAt(at).conversations.retrieve(id)).rejects.toMatchObject({ status: 404 });
});
