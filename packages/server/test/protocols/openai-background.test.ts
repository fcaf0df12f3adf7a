// Responses in the background with the unmodified client of OpenAI: poll, stream, resume, cancel.
import { tool } from '@turnstream/core';
import { answer, background, callTool, httpError, reply, TestClock } from '@turnstream/testkit';
import OpenAI from 'openai';
import type { Response } from 'openai/resources/responses/responses';
import { expect, test } from 'vitest';
import { memoryStore, openRig, type Rig, TOKEN } from '../app-rig.ts';
import { five, paying } from '../paying.ts';

const clientOf = ({ url }: Rig): OpenAI => new OpenAI({ apiKey: TOKEN, baseURL: `${url}/v1`, maxRetries: 0 });
const model = 'agent';
const look = { type: 'function' as const, name: 'look', strict: false, parameters: { type: 'object', properties: {} } };

/** An answer that never gets beyond its first word. */
const silent = () => background(reply(['Once ', 'upon'], { chunkDelayMs: 1_000 }), { clock: new TestClock() });

async function whenEnded({ responses }: OpenAI, id: string): Promise<Response> {
  await expect.poll(async () => (await responses.retrieve(id)).status).not.toMatch(/queued|in_progress/);
  return responses.retrieve(id);
}

test('a response works in the background, and is a turn once it is complete', async () => {
  await using rig = await openRig({ openai: {}, steps: [background(reply('A language.')), reply('1991')] });
  const openai = clientOf(rig);

  const started = await openai.responses.create({ model, input: 'What is Python?', background: true });
  const ended = await whenEnded(openai, started.id);
  const next = { model, input: 'How old is it?', previous_response_id: started.id };
  const second = await openai.responses.create(next);

  expect(started).toMatchObject({ status: 'queued', background: true, output: [], store: true });
  expect(ended).toMatchObject({ id: started.id, status: 'completed', output_text: 'A language.' });
  expect(ended.usage?.output_tokens).toBe(2);
  expect(second.output_text).toBe('1991');
  expect(rig.model.requests.at(-1)?.texts).toEqual(['What is Python?', 'A language.', 'How old is it?']);
});

test('a stream that broke off is resumed after any event, with the same numbers and ids', async () => {
  await using rig = await openRig({ openai: {}, steps: [background(reply(['A lang', 'uage.']))] });
  const { responses } = clientOf(rig);
  const asked = { model, input: 'What is Python?', background: true, stream: true } as const;

  const all = await Array.fromAsync(await responses.create(asked));
  const id = all[0]?.type === 'response.created' ? all[0].response.id : '';
  const resumed = await Promise.all(
    [0, 4, 99].map(async (after) =>
      Array.fromAsync(await responses.retrieve(id, { stream: true, starting_after: after })),
    ),
  );

  expect(all.map(({ type }) => type.replace('response.', ''))).toEqual([
    'created',
    'queued',
    'in_progress',
    'output_item.added',
    'content_part.added',
    'output_text.delta',
    'output_text.delta',
    'output_text.done',
    'content_part.done',
    'output_item.done',
    'completed',
  ]);
  expect(all.map((event) => event.sequence_number)).toEqual(all.map((_event, index) => index));
  expect(all.flatMap((event) => ('response' in event ? event.response.status : []))).toEqual([
    'queued',
    'queued',
    'in_progress',
    'completed',
  ]);
  expect(resumed).toEqual([all.slice(1), all.slice(5), []]);
});

test('a reader that leaves stops nothing', async () => {
  await using rig = await openRig({ openai: {}, steps: [silent()] });
  const { responses } = clientOf(rig);
  const stream = await responses.create({ model, input: 'Go', background: true, stream: true });
  let id = '';
  for await (const event of stream) {
    if (event.type === 'response.created') ({ id } = event.response);
    if (event.type === 'response.output_text.delta') break;
  }

  const now = await responses.retrieve(id);

  expect(now).toMatchObject({ status: 'in_progress', output_text: 'Once ' });
  expect(rig.model.requests[0]?.closedEarly).toBe(false);
});

test('the caller’s tools are offered, and their calls are the answer', async () => {
  const calls = answer([reply('Let me look.'), callTool('look', { at: 'sky' }, { callId: 'call_1' })]);
  await using rig = await openRig({ openai: {}, steps: [background(calls), background(reply('Blue.'))] });
  const openai = clientOf(rig);
  const asking = { model, tools: [look], background: true };

  const { id } = await openai.responses.create({ ...asking, input: 'What is the sky?' });
  const called = await whenEnded(openai, id);
  const output = [{ type: 'function_call_output' as const, call_id: 'call_1', output: 'blue' }];
  const next = await openai.responses.create({ ...asking, input: output, previous_response_id: id });
  const { output_text: text } = await whenEnded(openai, next.id);

  expect(called.output).toMatchObject([
    { type: 'message', content: [{ text: 'Let me look.' }] },
    { type: 'function_call', name: 'look', arguments: '{"at":"sky"}', call_id: 'call_1' },
  ]);
  expect(text).toBe('Blue.');
  const [, asked] = rig.model.requests.filter(({ responseId }) => responseId === null);
  expect(asked?.texts).toEqual(['What is the sky?', 'Let me look.', 'blue']);
});

test('a cancel ends the response at the model’s service, and a second one changes nothing', async () => {
  await using rig = await openRig({ openai: {}, steps: [silent()] });
  const { responses } = clientOf(rig);
  const { id } = await responses.create({ model, input: 'Go', background: true });
  await expect.poll(async () => (await responses.retrieve(id)).output_text).toBe('Once ');

  const cancelled = await responses.cancel(id);
  const again = await responses.cancel(id);
  const events = await Array.fromAsync(await responses.retrieve(id, { stream: true }));

  expect([cancelled.status, again.status]).toEqual(['cancelled', 'cancelled']);
  expect(rig.model.requests.some(({ path }) => path.endsWith('/cancel'))).toBe(true);
  expect(events.at(-1)).toMatchObject({ type: 'response.failed', response: { status: 'cancelled' } });
});

test('a response that has not ended cannot be deleted, unless it is cancelled first', async () => {
  await using rig = await openRig({ openai: {}, steps: [silent()] });
  const { responses } = clientOf(rig);
  const { id } = await responses.create({ model, input: 'Go', background: true });

  const tooEarly = await responses.delete(id).catch((error: unknown) => error);
  await responses.cancel(id);
  await responses.delete(id);

  expect(tooEarly).toMatchObject({ status: 400, code: 'invalid_value', param: 'id' });
  await expect(responses.retrieve(id)).rejects.toMatchObject({ status: 404 });
});

test('the agent’s own calls are not part of the response, streamed and whole', async () => {
  const track = tool({ name: 'track', description: 'Tracks.', execute: () => 'secret' });
  const steps = [background(callTool('track', {})), background(reply('In Oslo.'))];
  await using rig = await openRig({ openai: {}, agent: { tools: [track] }, steps });
  const { responses } = clientOf(rig);
  const asked = { model, input: 'Where is it?', background: true, stream: true } as const;

  const events = await Array.fromAsync(await responses.create(asked));

  const end = events.at(-1);
  const response = end?.type === 'response.completed' ? end.response : undefined;
  expect(events.map(({ type }) => type.split('.')[1])).toEqual(
    ['created', 'queued', 'in_progress', 'output_item', 'content_part', 'output_text'].concat([
      'output_text',
      'content_part',
      'output_item',
      'completed',
    ]),
  );
  expect(response?.output).toMatchObject([{ type: 'message', content: [{ text: 'In Oslo.' }] }]);
  expect((await responses.retrieve(response?.id ?? '')).output).toEqual(response?.output);
});

test('a response that failed says why, in the server’s words', async () => {
  await using rig = await openRig({ openai: {}, steps: [httpError(400, { message: 'org-ours' })] });
  const openai = clientOf(rig);

  const { id } = await openai.responses.create({ model, input: 'Go', background: true });
  const failed = await whenEnded(openai, id);
  const reading = Array.fromAsync(await openai.responses.retrieve(id, { stream: true }));

  expect(failed).toMatchObject({ status: 'failed', error: { code: 'server_error' } });
  expect(JSON.stringify(failed)).not.toContain('org-ours');
  await expect(reading).rejects.toThrow('The server could not get the answer.');
});

test('a tool that needs approval fails the response and does not run', async () => {
  const { pay, paid } = paying();
  await using rig = await openRig({
    openai: {},
    agent: { tools: [pay] },
    steps: [background(callTool('pay', [five]))],
  });
  const openai = clientOf(rig);

  const { id } = await openai.responses.create({ model, input: 'Pay.', background: true });
  const failed = await whenEnded(openai, id);

  expect(failed.error?.message).toContain('needs approval');
  expect(paid).toEqual([]);
});

test('another owner’s run looks like one that does not exist, and a whole answer has no run', async () => {
  await using rig = await openRig({
    openai: {},
    identity: { authenticate: ({ headers }) => headers.authorization ?? null },
    steps: [background(reply('A')), reply('B')],
  });
  const { responses } = clientOf(rig);
  const { id } = await responses.create({ model, input: 'Go', background: true });
  await expect.poll(async () => (await responses.retrieve(id)).status).toBe('completed');
  const whole = await responses.create({ model, input: 'Go' });
  const foreign = clientOf(rig).withOptions({ apiKey: 'eve' }).responses;

  const refused = await Promise.allSettled([
    foreign.retrieve(id),
    foreign.cancel(id),
    foreign.delete(id),
    foreign.retrieve(id, { stream: true }),
    responses.cancel(whole.id),
    responses.retrieve(whole.id, { stream: true }),
  ]);

  expect(refused.map((each) => each.status === 'rejected' && each.reason.status)).toEqual([
    404, 404, 404, 404, 400, 400,
  ]);
});

test('a server that goes away ends the stream with an error, and the run goes on', async () => {
  const store = memoryStore();
  await using rig = await openRig({ openai: {}, store, steps: [silent()] });
  const stream = await clientOf(rig).responses.create({ model, input: 'Go', background: true, stream: true });
  const events = stream[Symbol.asyncIterator]();
  let id = '';
  for (let step = await events.next(); step.value?.type !== 'response.output_text.delta'; step = await events.next())
    if (step.value?.type === 'response.created') ({ id } = step.value.response);

  const closing = rig.app.close();

  await expect(events.next()).rejects.toThrow('shutting down');
  await closing;
  const [run] = await store.runs.list('local', { limit: 1 });
  expect([id.startsWith('resp_'), run?.state]).toEqual([true, 'in_progress']);
});

test('a model without background refuses one', async () => {
  await using rig = await openRig({ openai: {}, api: 'chat_completions' });

  const refusal = await clientOf(rig)
    .responses.create({ model, input: 'Go', background: true })
    .catch((error: unknown) => error);

  const message = "The model's API cannot work in the background. Leave background out.";
  expect(refusal).toMatchObject({
    status: 400,
    code: 'unsupported_parameter',
    error: { message, param: 'background' },
  });
});
