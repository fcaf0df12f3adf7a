// A session that has no turn yet, and a chat in it that fails.
import { background, httpError, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { openRig } from '../app-rig.ts';

test('a session that a run began stays when a chat in it fails, and so does the run', async () => {
  const slow = background(reply(['Once ', 'upon'], { chunkDelayMs: 60_000 }));
  await using rig = await openRig({ steps: [slow, httpError(400)] });
  const { runId, sessionId } = await (await rig.post('/runs', { message: 'Tell me a story.' })).json();

  const failed = await rig.post('/chat', { message: 'Hi', sessionId });

  expect(failed.status).toBe(502);
  expect(await (await rig.get('/sessions')).json()).toMatchObject({ sessions: [{ sessionId }] });
  expect(await (await rig.get(`/runs/${runId}`)).json()).toMatchObject({ sessionId, end: null });
  await rig.post(`/runs/${runId}/cancel`);
});
