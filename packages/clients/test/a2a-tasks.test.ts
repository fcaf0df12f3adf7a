// Tasks with `@a2a-js/sdk`, unmodified: in the background, canceled, and waiting for approval.
import { TaskState } from '@a2a-js/sdk';
import {
  ContentTypeNotSupportedError,
  PushNotificationNotSupportedError,
  TaskNotCancelableError,
  TaskNotFoundError,
  UnsupportedOperationError,
} from '@a2a-js/sdk/errors';
import { tool } from '@turnstream/core';
import { answer, background, callTool, reply, stallAfter } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { a2a, ask, brief, clientAt, dataOf, part, send, shown, taskOf, wordsOf } from './a2a-client.ts';
import { serve } from './served.ts';

const tenant = '';
const later = { configuration: { returnImmediately: true } };
const slow = background(reply(['Once ', 'upon'], { chunkDelayMs: 60_000 }));
const asks = answer([reply('I will pay.'), callTool('pay', { euros: 5 }, { callId: 'call_1' })]);

test('a task in the background is followed, got and listed, by its owner alone', async () => {
  const authenticate = (request: { headers: object }): string => String(Object(request.headers).authorization);
  const steps = [background(reply(['Once ', 'upon']))];
  await using shop = await serve({ a2a, identity: { authenticate }, steps });
  const [client, eve] = [await clientAt(shop.url), await clientAt(shop.url, 'eve')];
  const sent = ask('Tell me a story.', later);

  const { id, contextId } = await send(client, sent);
  const again = await send(client, sent);
  const frames = await Array.fromAsync(client.resubscribeTask({ tenant, id }));
  const got = await client.getTask({ tenant, id });
  const listed = await client.listTasks({ tenant, contextId, ...any });

  expect(again.id).toBe(id);
  expect(brief(frames).at(-1)).toBe('COMPLETED');
  expect(shown(got)).toEqual(['COMPLETED', 'Once upon']);
  expect([listed.totalSize, listed.tasks.map((task) => task.id)]).toEqual([1, [id]]);
  await expect(eve.getTask({ tenant, id })).rejects.toBeInstanceOf(TaskNotFoundError);
  await expect(client.resubscribeTask({ tenant, id }).next()).rejects.toBeInstanceOf(UnsupportedOperationError);
  await expect(client.cancelTask({ tenant, id, metadata: undefined })).rejects.toBeInstanceOf(TaskNotCancelableError);
});

test('leaving a task in the background does not stop it; canceling does, at the service too', async () => {
  await using shop = await serve({ a2a, steps: [slow] });
  const client = await clientAt(shop.url);
  const { id } = await send(client, ask('Tell me a story.', later));
  for await (const _frame of client.resubscribeTask({ tenant, id })) break;
  await expect.poll(async () => shown(await client.getTask({ tenant, id }))[0]).toBe('WORKING');

  const canceled = await client.cancelTask({ tenant, id, metadata: undefined });

  expect(shown(canceled)[0]).toBe('CANCELED');
  expect(shop.model.requests.map(({ path }) => path)).toContainEqual(expect.stringMatching(/\/cancel$/));
});

test('a streamed task can be got and canceled while it is answered, and its stream ends as canceled', async () => {
  const stuck = reply(['Once ', 'upon'], { fault: stallAfter({ chunks: 1 }) });
  await using shop = await serve({ a2a, steps: [stuck] });
  const client = await clientAt(shop.url);
  const frames = client.sendMessageStream(ask('Tell me a story.'));
  const { id } = taskOf((await frames.next()).value!);
  await frames.next();

  const got = await client.getTask({ tenant, id });
  const canceled = await client.cancelTask({ tenant, id, metadata: undefined });

  expect([shown(got), shown(canceled)]).toEqual([
    ['WORKING', 'Once '],
    ['CANCELED', 'Once '],
  ]);
  expect(brief(await Array.fromAsync(frames))).toEqual(['', 'CANCELED']);
  await shop.model.requests[0]!.closed;
  expect(shop.model.requests[0]).toMatchObject({ closedEarly: true });
});

test.each([
  ['streamed', {}, asks, reply('Paid.')],
  ['background', later, background(asks), background(reply('Paid.'))],
])(
  'a %s task that waits for approval takes the decision as data, and continues',
  async (_kind, more, first, second) => {
    const paid: number[] = [];
    await using shop = await serve({ a2a, agent: { tools: [paying(paid)] }, steps: [first, second] });
    const client = await clientAt(shop.url);
    const { id } = await send(client, ask('Pay five euros.', more));
    await expect
      .poll(async () => shown(await client.getTask({ tenant, id })))
      .toEqual(['INPUT_REQUIRED', 'I will pay.']);
    const { status } = await client.getTask({ tenant, id });

    const [{ callId, arguments: args }] = (dataOf(status) as { approvals: [{ callId: string; arguments: string }] })
      .approvals;
    const approvals = [{ callId, arguments: args, approved: true }];
    const parts = [part({ $case: 'data', value: { approvals } })];
    const done = await send(client, ask('', { taskId: id, parts }));

    expect(wordsOf({ status })).toContain('Approve or reject');
    expect([shown(done), paid]).toEqual([['COMPLETED', 'I will pay.Paid.'], [5]]);
    expect(await client.getTask({ tenant, id })).toMatchObject({ id, artifacts: done.artifacts });
  },
);

test('what this server does not support is refused with the error of the protocol', async () => {
  await using shop = await serve({ a2a, steps: [] });
  const client = await clientAt(shop.url);
  const file = part({ $case: 'url', value: 'https://example.com/bill.pdf' });
  const push = { id: '', taskId: '', tenant, url: 'https://example.com/', token: '', authentication: undefined };

  const refused = await Promise.allSettled([
    client.sendMessage(ask('', { parts: [file] })),
    client.sendMessage(ask('Hi', { configuration: { acceptedOutputModes: ['image/png'] } })),
    client.sendMessage(ask('Hi', { configuration: { taskPushNotificationConfig: push } })),
    client.sendMessage(ask('Hi', { taskId: 'none' })),
    client.transport.getExtendedAgentCard({ tenant }, { serviceParameters: { 'A2A-Version': '1.0' } }),
  ]);

  const errors = [
    ContentTypeNotSupportedError,
    ContentTypeNotSupportedError,
    PushNotificationNotSupportedError,
    TaskNotFoundError,
    UnsupportedOperationError,
  ];
  expect(refused).toEqual(errors.map((error) => ({ status: 'rejected', reason: expect.any(error) })));
  expect(shop.model.requests).toEqual([]);
});

const any = { status: TaskState.TASK_STATE_UNSPECIFIED, pageToken: '', statusTimestampAfter: undefined };

function paying(paid: number[]) {
  return tool({
    name: 'pay',
    description: 'Pays.',
    parameters: z.object({ euros: z.number() }),
    approval: 'always',
    execute: ({ euros }) => `paid ${paid.push(euros)}`,
  });
}
