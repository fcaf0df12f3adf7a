// Calls that the model went on without: they wait for nobody any more.
import { expect, test } from 'vitest';
import { Agent, approve, tool, toolResult } from '../../src/index.ts';
import { call, finished, scriptedClient, wantsTools } from '../scripted-client.ts';
import { guarded } from './guarded-tool.ts';

test('consent to a new call asks for none to the call that a result of its batch gave up', async () => {
  const ask = tool({ name: 'ask', description: 'Asks the caller.' });
  const client = scriptedClient(
    [call('c1', 'ask', '{}'), call('c2', 'remove', '{}'), wantsTools],
    [call('c3', 'remove', '{}'), wantsTools],
    ['Done.', finished],
  );
  const agent = new Agent({ client, tools: [guarded, ask] });
  const session = agent.createSession();
  await agent.run('Clean up', { session });
  const { approvals } = await agent.run(toolResult('c1', 'yes'), { session });

  const { messages } = await agent.run(approvals.map(approve), { session });

  expect(messages).toEqual([
    { role: 'tool', contents: [{ type: 'function_result', callId: 'c3', result: 'removed' }] },
    { role: 'assistant', contents: 'Done.' },
  ]);
});
