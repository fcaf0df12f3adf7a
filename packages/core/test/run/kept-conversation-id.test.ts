// Conversations at the service whose id stays the same, also when a run fails.
import { expect, test } from 'vitest';
import { Agent, type Middleware, tool, toolResult } from '../../src/index.ts';
import { chatUpdate } from '../../src/seams.ts';
import { call, chatUpdateWithId, scriptedClient, sentTexts } from '../scripted-client.ts';

const ask = tool({ name: 'ask', description: 'Asks the caller.' });
const give = tool({ name: 'give', description: 'Gives.', execute: () => 'here' });
const result = (callId: string, text: string) => [{ type: 'function_result', callId, result: text }];
const noResult = 'No result: the run ended before this call was answered.';
/** The start of an answer that names the conversation at once. */
const named = chatUpdate({ conversationId: 'conv_1' });

test.each([
  ['fails', new Error('gone'), [result('c2', 'here'), 'Again']],
  ['ends without more calls', chatUpdateWithId('conv_1'), ['Again']],
])('a conversation that keeps its id gets results for its calls when the run %s', async (_, last, sent) => {
  const client = scriptedClient(
    [call('c1', 'ask', '{}'), chatUpdateWithId('conv_1', 'tool_calls')],
    [call('c2', 'give', '{}'), chatUpdateWithId('conv_1', 'tool_calls')],
    ['Hm.', last],
    ['Hi.', chatUpdateWithId('conv_1')],
  );
  const agent = new Agent({ client, tools: [ask, give], history: 'service' });
  const session = agent.createSession({ serviceSessionId: 'conv_1' });
  await agent.run('Go', { session });
  await agent.run(toolResult('c1', 'yes'), { session }).catch(() => {});

  await agent.run('Again', { session });

  expect(sentTexts(client)[3]).toEqual(sent);
});

test('a conversation that keeps its id stays usable after a reader leaves at the end of an answer with a call', async () => {
  const client = scriptedClient(
    [call('c1', 'give', '{}'), chatUpdateWithId('conv_1', 'tool_calls')],
    ['Hi.', chatUpdateWithId('conv_1')],
  );
  const agent = new Agent({ client, tools: [give], history: 'service' });
  const session = agent.createSession({ serviceSessionId: 'conv_1' });
  for await (const { finishReason } of agent.runStreaming('Go', { session })) if (finishReason !== null) break;

  await agent.run('Again', { session });

  expect(sentTexts(client)[1]).toEqual([result('c1', noResult), 'Again']);
});

test('results stay owed when the next answer names the conversation at its start and then fails', async () => {
  const client = scriptedClient(
    [named, call('c1', 'give', '{}'), chatUpdateWithId('conv_1', 'tool_calls')],
    [named, new Error('gone')],
    ['Hi.', chatUpdateWithId('conv_1')],
  );
  const agent = new Agent({ client, tools: [give], history: 'service' });
  const session = agent.createSession({ serviceSessionId: 'conv_1' });
  await agent.run('Go', { session }).catch(() => {});

  await agent.run('Again', { session });

  expect(sentTexts(client)[2]).toEqual([result('c1', 'here'), 'Again']);
});

test.each([
  ['with the tool', [ask]],
  ['without tools', []],
])('a call %s stays owed when the next run names the conversation at its start and then fails', async (_, tools) => {
  const client = scriptedClient(
    [named, call('c1', 'ask', '{}'), chatUpdateWithId('conv_1', 'tool_calls')],
    [named, new Error('gone')],
    ['Hi.', chatUpdateWithId('conv_1')],
  );
  const agent = new Agent({ client, tools, history: 'service' });
  const session = agent.createSession({ serviceSessionId: 'conv_1' });
  await agent.run('Go', { session });
  await agent.run('Go on', { session }).catch(() => {});

  await agent.run('Again', { session });

  expect(sentTexts(client)[2]).toEqual([result('c1', noResult), 'Again']);
});

test('a run that middleware tried again in vain still owes the results of its first attempt', async () => {
  const client = scriptedClient(
    [call('c1', 'give', '{}'), chatUpdateWithId('conv_1', 'tool_calls')],
    [new Error('gone')],
    [new Error('gone')],
    ['Hi.', chatUpdateWithId('conv_1')],
  );
  const again: Middleware = {
    async *run(_, next) {
      try {
        yield* next();
      } catch {
        yield* next();
      }
    },
  };
  const agent = new Agent({ client, tools: [give], history: 'service' });
  const session = agent.createSession({ serviceSessionId: 'conv_1' });
  await agent.run('Go', { session, middleware: [again] }).catch(() => {});

  await agent.run('Hello', { session });

  expect(sentTexts(client).at(-1)).toEqual([result('c1', 'here'), 'Hello']);
});
