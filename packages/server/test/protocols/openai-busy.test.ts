// Responses and conversations in whose session an answer is under way.
import { background, reply, stallAfter, TestClock } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { openRig } from '../app-rig.ts';
import { json } from './openai-json.ts';

const model = 'agent';

test('nothing is deleted from a session, or added to it, while an answer is under way', async () => {
  const stuck = reply(['Once ', 'upon'], { fault: stallAfter({ chunks: 1 }) });
  await using rig = await openRig({ openai: {}, steps: [reply('Hi.'), stuck] });
  const { id: conversation } = await json(rig.post('/v1/conversations'));
  const { id } = await json(rig.post('/v1/responses', { model, input: 'Hi', conversation }));
  // Held until the end of the test: a response that is garbage-collected closes its connection.
  const streaming = await rig.post('/v1/responses', { model, input: 'Go', conversation, stream: true });
  const path = `/v1/conversations/${conversation}`;

  const refused = [
    await rig.get(`/v1/responses/${id}`, { method: 'DELETE' }),
    await rig.get(path, { method: 'DELETE' }),
    await rig.post(`${path}/items`, { items: [{ role: 'user', content: 'Hi' }] }),
  ];

  const error = { type: 'invalid_request_error', param: null, code: 'session_busy', message: expect.any(String) };
  for (const each of refused) expect([each.status, await each.json()]).toEqual([409, { error }]);
  await streaming.body?.cancel();
});

test('a session whose only turn is deleted stays for a run that works in it', async () => {
  const silent = background(reply(['Once ', 'upon'], { chunkDelayMs: 1_000 }), { clock: new TestClock() });
  await using rig = await openRig({ openai: {}, steps: [reply('Hi.'), silent] });
  const first = await json(rig.post('/v1/responses', { model, input: 'Hi' }));
  const next = { model, input: 'Go', previous_response_id: first.id, background: true };
  const running = await json(rig.post('/v1/responses', next));

  const deleted = await rig.get(`/v1/responses/${first.id}`, { method: 'DELETE' });

  expect(deleted.status).toBe(200);
  expect(await json(rig.post(`/v1/responses/${running.id}/cancel`))).toMatchObject({ status: 'cancelled' });
});
