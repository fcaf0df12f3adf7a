// A long conversation, shown to the model whole, in its last turns, and in short. What is stored stays whole each time.
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
