import { DatabaseSync } from 'node:sqlite';
import { Agent } from '@turnstream/core';
import { SqliteHistory } from '@turnstream/history/sqlite';
import { OpenAIResponsesClient } from '@turnstream/openai';

const database = new DatabaseSync(':memory:'); // or a file
const agent = new Agent({
  client: new OpenAIResponsesClient({ model: 'gpt-4.1-mini' }),
  history: new SqliteHistory(database),
});

await agent.run('Remember the word teal.', { session: agent.createSession({ sessionId: 'ann' }) });

// Later, in another process: the same id, the same conversation.
const { text } = await agent.run('Which word was it?', { session: agent.createSession({ sessionId: 'ann' }) });
console.log(text);
