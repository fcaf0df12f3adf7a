// A long conversation, sent to the model whole, as its last turns, and as a summary. The stored history never changes.
// Run: node window.ts
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import type { HistoryWindow } from '@turnstream/core';
import { inShort, longConversation } from './long-conversation.ts';
import { statefulAgent } from './stateful-agent.ts';

reportErrors();
const windows: Readonly<Record<string, HistoryWindow>> = {
  whole: {},
  'lastTurns: 2': { lastTurns: 2 },
  'compact: inShort': { compact: inShort },
};

await using model = await chatClientFromEnv();
for (const [name, window] of Object.entries(windows)) {
  const { history: provider, session } = await longConversation();
  const agent = statefulAgent(model.client, { ...window, provider });

  const answer = await agent.run('Which word was it?', { session });
  const { turnCount } = await provider.load(session);
  console.log(`\n${name}\nA: ${answer.text}\n   ${turnCount} turns are stored`);
}
