// Whether the service is asked to keep a background run's events.
import { expect, test } from 'vitest';
import * as z from 'zod';
import { Agent, tool } from '../../src/index.ts';
import { chatUpdate } from '../../src/seams.ts';
import { scriptedBackground } from '../scripted-background.ts';
import { call, finished, text, wantsTools } from '../scripted-client.ts';

const said = { type: 'text', text: 'B' } as const;
const begun = { type: 'function_call', callId: 'c1', name: 'give', arguments: '{' } as const;

test.each([
  ['not by default', {}, false],
  ['when the caller wants to watch', { stream: true }, true],
])('the events of a background run are kept %s', async (_, options, expected) => {
  const client = scriptedBackground({ looks: ['completed'], answer: [text('Done.'), finished] });

  await new Agent({ client }).runInBackground('Go', options);

  expect(client.started.map(({ stream }) => stream)).toEqual([expected]);
});

test('a run whose events are not kept says so when they are asked for', async () => {
  const client = scriptedBackground({ looks: ['queued'] });
  const run = await new Agent({ client }).runInBackground('Go');

  const updates = Array.fromAsync(run.updates());

  await expect(updates).rejects.toMatchObject({
    code: 'input_invalid',
    message: expect.stringContaining('stream: true'),
  });
  expect(client.log).toEqual(['start resp_1']);
});

test('updates that are left while the service is silent do not wait for it', async () => {
  const client = scriptedBackground({ looks: ['queued'] });
  const closed = Promise.withResolvers<void>();
  client.background!.stream = async function* silent(_id, { signal }) {
    await new Promise((_, fail) => signal.addEventListener('abort', () => (closed.resolve(), fail(signal.reason))));
    yield* [];
  };
  const run = await new Agent({ client }).runInBackground('Go', { stream: true });
  const updates = run.updates();
  updates.next().catch(() => {});

  await updates.return(undefined);

  await closed.promise;
  expect(run.status).toBe('queued');
});

test.each([
  ['events without contents and with text move it on', [chatUpdate({}), text('A')], 1],
  [
    'it stays before a call that begins beside text',
    [text('A'), chatUpdate({ contents: [said, begun] }), text('B')],
    0,
  ],
])('the position of a run in its stream: %s', async (_, events, position) => {
  const client = scriptedBackground({ looks: ['queued'], events });
  const run = await new Agent({ client }).runInBackground('Go', { stream: true });

  const updates = run.updates();
  for (let taken = 0; taken < events.length; taken += 1) await updates.next();
  await updates.return(undefined);

  expect(run.toJSON().sequenceNumber).toBe(position);
});

test('a resumed run asks for the events of its next responses as the first start did', async () => {
  const give = tool({ name: 'give', description: 'Gives.', parameters: z.object({}), execute: () => 'here' });
  const asks = { looks: ['queued', 'completed'], answer: [call('c1', 'give', '{}'), wantsTools] } as const;
  const client = scriptedBackground(asks, { looks: ['completed'], answer: [text('Done.'), finished] });
  const agent = new Agent({ client, tools: [give] });
  const run = await agent.runInBackground('Go', { stream: true });

  await agent.resumeBackground(JSON.parse(JSON.stringify(run))).wait();

  expect(client.started.map(({ stream }) => stream)).toEqual([true, true]);
});
