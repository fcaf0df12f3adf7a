// An answer that the service cut at its length limit, on every route: incomplete, and never passed off as whole.
import { background, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { framesOf, openRig } from '../app-rig.ts';

const cut = reply('The capital of', { finishReason: 'length' });

test.each(['responses', 'chat_completions'] as const)('a cut answer over %s is incomplete on /chat', async (api) => {
  await using rig = await openRig({ api, steps: [cut] });

  const answer = await (await rig.post('/chat', { message: 'Capital of France?' })).json();

  expect(answer).toMatchObject({ text: 'The capital of', status: 'incomplete', finishReason: 'length' });
});

test.each(['responses', 'chat_completions'] as const)('a cut answer over %s is incomplete in a stream', async (api) => {
  await using rig = await openRig({ api, steps: [cut] });

  const all = await framesOf(await rig.post('/chat/stream', { message: 'Capital of France?' }));

  expect(all.at(-1)).toMatchObject({ event: 'done', data: { status: 'incomplete', finishReason: 'length' } });
});

test('a cut answer of a background run is incomplete in its events and in its record', async () => {
  await using rig = await openRig({ steps: [background(cut)] });
  const { runId } = await (await rig.post('/runs', { message: 'Capital of France?' })).json();

  const all = await framesOf(await rig.get(`/runs/${runId}/events`));
  const run = await (await rig.get(`/runs/${runId}`)).json();

  expect(all.at(-1)).toMatchObject({ event: 'done', data: { status: 'incomplete', finishReason: 'length' } });
  expect(run).toMatchObject({ state: 'incomplete', end: { status: 'incomplete' } });
});
