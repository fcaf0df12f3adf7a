// Calls that wait for an answer, when their turn is taken back.
import { expect, test } from 'vitest';
import * as z from 'zod';
import { Agent, approve, reject, tool, toolResult } from '../../src/index.ts';
import { call, finished, scriptedClient, wantsTools } from '../scripted-client.ts';
import { guarded } from '../tools/guarded-tool.ts';

test.each([
  ['approved', approve],
  ['rejected', reject],
])('a call whose turn was taken back can not be %s any more', async (_how, answer) => {
  const client = scriptedClient(['A', finished], [call('c1', 'remove', '{}'), wantsTools]);
  const agent = new Agent({ client, tools: [guarded] });
  const session = agent.createSession();
  await agent.run('One', { session });
  const { approvals } = await agent.run('Two', { session });

  await agent.rewind(session);
  const late = agent.run(approvals.map(answer), { session });

  await expect(late).rejects.toMatchObject({
    code: 'input_invalid',
    message: 'No call "c1" is waiting for approval in this conversation.',
  });
  expect(client.requests).toHaveLength(2);
});

test('a result for a call whose turn was rewound is refused', async () => {
  const client = scriptedClient(['A', finished], [call('c1', 'ask', '{}'), wantsTools]);
  const agent = new Agent({ client, tools: [tool({ name: 'ask', description: 'Asks.', parameters: z.object({}) })] });
  const session = agent.createSession();
  await agent.run('One', { session });
  await agent.run('Two', { session });

  await agent.rewind(session);
  const late = agent.run([toolResult('c1', 'blue')], { session });

  await expect(late).rejects.toMatchObject({
    code: 'input_invalid',
    message: 'No call "c1" is waiting for a result in this conversation.',
  });
});

test('after a rewind to the turn that asked, its call waits again', async () => {
  const client = scriptedClient([call('c1', 'remove', '{}'), wantsTools], ['Done', finished], ['Not done', finished]);
  const agent = new Agent({ client, tools: [guarded] });
  const session = agent.createSession();
  const { approvals } = await agent.run('One', { session });
  await agent.run(approvals.map(approve), { session });

  await agent.rewind(session);
  const response = await agent.run(approvals.map(reject), { session });

  expect(response.text).toBe('Not done');
  expect(await agent.transcript(session)).toHaveLength(2);
});
