// The two ends of the wire together: our client on our server.
import { background, reply, stallAfter } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { startRun, streamChat, watchRun } from '../../src/client/index.ts';
import { openRig, type Rig, TOKEN } from '../app-rig.ts';

test('two turns of one session, word by word', async () => {
  await using rig = await openRig({ steps: [reply(['A lang', 'uage.']), reply('1991')] });
  const first = await Array.fromAsync(streamChat({ ...at(rig), message: 'What is Python?' }));
  const sessionId = first.flatMap((event) => (event.type === 'session' ? (event.sessionId ?? []) : []))[0];

  const second = await Array.fromAsync(streamChat({ ...at(rig), message: 'How old is it?', sessionId }));

  expect(first.map((event) => (event.type === 'update' ? event.text : event.type))).toEqual([
    'session',
    'A lang',
    'uage.',
    'done',
  ]);
  expect(second.filter(({ type }) => type === 'update')).toEqual([{ type: 'update', text: '1991' }]);
  expect(rig.model.requests[1]!.texts).toEqual(['What is Python?', 'A language.', 'How old is it?']);
});

test('leaving closes the connection of the model', async () => {
  await using rig = await openRig({ steps: [reply(['A', 'B'], { fault: stallAfter({ chunks: 1 }) })] });

  for await (const { type } of streamChat({ ...at(rig), message: 'Go' })) if (type === 'update') break;

  const [request] = rig.model.requests;
  await request!.closed;
  expect(request!.closedEarly).toBe(true);
});

test('a refusal of the server is the same error at the other end', async () => {
  await using rig = await openRig();

  const reading = Array.fromAsync(streamChat({ ...at(rig), message: 'Go', sessionId: crypto.randomUUID() }));

  await expect(reading).rejects.toMatchObject({ code: 'not_found', status: 404 });
});

test('a run is begun once, and watched from any of its events', async () => {
  await using rig = await openRig({ steps: [background(reply(['Alpha ', 'beta.']))] });
  const options = { message: 'Report', idempotencyKey: 'one' };
  const [{ runId }, again] = [await startRun(at(rig), options), await startRun(at(rig), options)];

  const whole = await Array.fromAsync(watchRun({ ...at(rig), runId }));

  expect(again.runId).toBe(runId);
  expect(whole.at(-1)!.event).toMatchObject({ type: 'done', status: 'completed' });
  for (const [index, { id }] of whole.slice(0, -1).entries()) {
    const rest = await Array.fromAsync(watchRun({ ...at(rig), runId, lastEventId: id }));
    expect(rest.slice(1)).toEqual(whole.slice(index + 1));
  }
});

function at({ url }: Rig) {
  return { url, token: TOKEN };
}
