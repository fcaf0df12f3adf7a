// Background runs that began elsewhere, or went on elsewhere, read as responses with the unmodified client of OpenAI.
import { answer, background, callTool, reply, TestClock } from '@turnstream/testkit';
import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { memoryStore, openRig, type Rig, TOKEN } from '../app-rig.ts';
import { five, paying } from '../paying.ts';
import { claimed, completed, replace, update } from '../store/fixtures.ts';

const clientOf = ({ url }: Rig): OpenAI => new OpenAI({ apiKey: TOKEN, baseURL: `${url}/v1`, maxRetries: 0 });

function responseIdOf({ runId, sessionId }: { readonly runId: string; readonly sessionId: string }): string {
  return `resp_${runId.replaceAll('-', '')}_${sessionId}`;
}

test('a run of POST /runs is a response, whose input is its message from the beginning', async () => {
  const silent = background(reply(['Once ', 'upon'], { chunkDelayMs: 1_000 }), { clock: new TestClock() });
  await using rig = await openRig({ openai: {}, steps: [silent] });
  const id = responseIdOf(await (await rig.post('/runs', { message: 'Report' })).json());
  const { responses } = clientOf(rig);

  const { data } = await responses.inputItems.list(id);
  const cancelled = await responses.cancel(id);
  const after = await responses.inputItems.list(id);

  expect(data).toMatchObject([{ role: 'user', content: [{ type: 'input_text', text: 'Report' }] }]);
  expect([cancelled.status, after.data]).toEqual(['cancelled', data]);
});

test('a run that waits for approval is in progress, and its events are only its text', async () => {
  const { pay } = paying();
  const asks = answer([reply('Let me pay. '), callTool('pay', [five])]);
  await using rig = await openRig({ openai: {}, agent: { tools: [pay] }, steps: [background(asks)] });
  const started = await (await rig.post('/runs', { message: 'Pay.' })).json();
  await expect
    .poll(async () => (await (await rig.get(`/runs/${started.runId}`)).json()).state)
    .toBe('awaiting_approval');
  const { responses } = clientOf(rig);

  const waiting = await responses.retrieve(responseIdOf(started));
  const types: string[] = [];
  for await (const { type } of await responses.retrieve(responseIdOf(started), { stream: true })) {
    types.push(type.replace('response.', ''));
    if (types.length === 6) break;
  }

  expect(waiting).toMatchObject({ status: 'in_progress', output_text: 'Let me pay. ' });
  expect(types).toEqual([
    'created',
    'queued',
    'in_progress',
    'output_item.added',
    'content_part.added',
    'output_text.delta',
  ]);
});

test('an answer that was begun anew ends its stream with an error, and can be read as it became', async () => {
  const store = memoryStore();
  const claim = await claimed(store, { owner: 'local' });
  const end = completed();
  await store.runs.finish(claim, { ...end, events: [update('Blue li'), replace(claim), ...end.events] });
  const [run] = await store.runs.list('local', { limit: 1 });
  await using rig = await openRig({ openai: {}, store });
  const { responses } = clientOf(rig);
  const id = responseIdOf(run!);

  const reading = Array.fromAsync(await responses.retrieve(id, { stream: true }));

  await expect(reading).rejects.toThrow('The answer was replaced. Read it without stream.');
  expect(await responses.retrieve(id)).toMatchObject({ status: 'completed', output_text: 'Rayleigh.' });
});
