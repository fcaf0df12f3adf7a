// What is stored and what goes: deleted responses and conversations, answers that fail, servers that stop.
import { background, httpError, reply, TestClock } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { frames, openRig, type Rig } from '../app-rig.ts';
import { json } from './openai-json.ts';

const model = 'agent';

/** The status and the body of an answer. */
async function both(answering: ReturnType<Rig['get']>): Promise<readonly unknown[]> {
  const answer = await answering;
  return [answer.status, await answer.json()];
}

const remove = (rig: Rig, path: string): ReturnType<Rig['get']> => rig.get(path, { method: 'DELETE' });
const invalid = (message: string): object => refusal('invalid_value', 'id', message);

function refusal(code: string, param: string, message: string): object {
  return { error: { message, type: 'invalid_request_error', param, code } };
}

/** A model that never gets beyond its first word. */
const silent = () => background(reply(['Once ', 'upon'], { chunkDelayMs: 1_000 }), { clock: new TestClock() });

test('what a request says is stored with the answer, under the id of the response', async () => {
  await using rig = await openRig({ openai: {}, steps: [reply('Blue.')] });
  const input = [
    { role: 'user', content: 'What is the sky?' },
    { type: 'function_call', call_id: 'c', name: 'look', arguments: '{}' },
    { type: 'function_call_output', call_id: 'c', output: 'blue' },
    { role: 'user', content: 'Sure?' },
  ];

  const { id } = await json(rig.post('/v1/responses', { model, input }));

  const session = await rig.store.sessions.open(id.slice('resp_'.length + 33), { owner: 'local' });
  const { turns } = await rig.store.history.load(session!);
  expect(turns).toEqual([
    [
      { role: 'user', contents: 'What is the sky?' },
      { role: 'assistant', contents: [{ type: 'function_call', callId: 'c', name: 'look', arguments: '{}' }] },
      { role: 'tool', contents: [{ type: 'function_result', callId: 'c', result: 'blue' }] },
      { role: 'user', contents: 'Sure?', messageId: id },
      expect.objectContaining({ role: 'assistant' }),
    ],
  ]);
});

test('a deleted response is gone, and what comes before it stays', async () => {
  await using rig = await openRig({ openai: {}, steps: [reply('A language.'), reply('1991')] });
  const first = await json(rig.post('/v1/responses', { model, input: 'What is Python?' }));
  const next = { model, input: 'How old is it?', previous_response_id: first.id };
  const second = await json(rig.post('/v1/responses', next));
  const path = `/v1/responses/${second.id}`;

  const tooEarly = await both(remove(rig, `/v1/responses/${first.id}`));
  const deleted = await both(remove(rig, path));
  const gone = await Promise.all([both(rig.get(path)), both(remove(rig, path)), both(rig.get(`${path}/input_items`))]);

  const message = 'A later response builds on this one. Delete that first, or the conversation.';
  expect(tooEarly).toEqual([400, invalid(message)]);
  expect(deleted).toEqual([200, { id: second.id, object: 'response.deleted', deleted: true }]);
  for (const answer of gone) expect(answer).toEqual([404, refusal('not_found', 'id', 'There is no such response.')]);
  expect(await json(rig.get(`/v1/responses/${first.id}`))).toMatchObject({ status: 'completed' });
});

test('a conversation outlives its responses, until it is deleted itself', async () => {
  await using rig = await openRig({ openai: {}, steps: [reply('Hi.'), background(reply('Hi.'))] });
  const { id } = await json(rig.post('/v1/conversations'));
  const path = `/v1/conversations/${id}`;
  const asking = { model, input: 'Hi', conversation: id };
  const whole = await json(rig.post('/v1/responses', asking));
  const inBackground = await json(rig.post('/v1/responses', { ...asking, background: true }));
  await expect
    .poll(async () => json(rig.get(`/v1/responses/${inBackground.id}`)))
    .toMatchObject({ status: 'completed' });

  const removals = [inBackground, whole].map((response) => `/v1/responses/${response.id}`);
  const statuses: number[] = [];
  for (const each of removals) statuses.push((await remove(rig, each)).status);
  const empty = await both(rig.get(`${path}/items`));
  const deleted = await both(remove(rig, path));
  const gone = await Promise.all([both(rig.get(path)), both(remove(rig, path)), both(rig.get(`${path}/items`))]);

  expect(statuses).toEqual([200, 200]);
  expect(empty).toEqual([200, { object: 'list', data: [], first_id: null, last_id: null, has_more: false }]);
  expect(deleted).toEqual([200, { id, object: 'conversation.deleted', deleted: true }]);
  for (const answer of gone)
    expect(answer).toEqual([404, refusal('not_found', 'id', 'There is no such conversation.')]);
});

test('a response is cancelled and followed only if it works in the background, and deleted only once it has ended', async () => {
  await using rig = await openRig({ openai: {}, steps: [reply('Hi.'), silent()] });
  const whole = await json(rig.post('/v1/responses', { model, input: 'Hi' }));
  const running = await json(rig.post('/v1/responses', { model, input: 'Hi', background: true }));

  const cancelled = await both(rig.post(`/v1/responses/${whole.id}/cancel`));
  const followed = await both(rig.get(`/v1/responses/${whole.id}?stream=true`));
  const read = await json(rig.get(`/v1/responses/${whole.id}?stream=false`));
  const removed = await both(remove(rig, `/v1/responses/${running.id}`));

  const complete = [400, invalid('This response did not work in the background. It is complete.')];
  expect([cancelled, followed]).toEqual([complete, complete]);
  expect(read).toMatchObject({ id: whole.id, status: 'completed' });
  expect(removed).toEqual([400, invalid('This response has not ended. Cancel it first.')]);
});

test('an answer that fails leaves the response before it, and the conversation', async () => {
  const steps = [reply('A language.'), ...Array.from({ length: 6 }, () => httpError(500))];
  await using rig = await openRig({ openai: {}, ceilings: { openRunsPerUser: 0 }, steps });
  const first = await json(rig.post('/v1/responses', { model, input: 'What is Python?' }));
  const conversation = await json(rig.post('/v1/conversations'));
  const before = [{}, { previous_response_id: first.id }, { conversation: conversation.id }];

  const statuses: number[] = [];
  for (const each of before) {
    const asking = { model, input: 'Who made it?', ...each };
    for (const how of [{}, { stream: true }, { background: true }]) {
      const answer = await rig.post('/v1/responses', { ...asking, ...how });
      await answer.text();
      statuses.push(answer.status);
    }
  }

  expect(statuses).toEqual([502, 200, 503, 502, 200, 503, 502, 200, 503]);
  expect(await json(rig.get(`/v1/responses/${first.id}`))).toMatchObject({ status: 'completed' });
  expect((await rig.get(`/v1/conversations/${conversation.id}`)).status).toBe(200);
});

test('a server that stops ends a stream with the number to resume after', async () => {
  await using rig = await openRig({ openai: {}, steps: [silent()] });
  const stream = frames(await rig.post('/v1/responses', { model, input: 'Go', background: true, stream: true }));
  for (let step = await stream.next(); step.value?.event !== 'response.output_text.delta'; ) step = await stream.next();

  const closing = rig.app.close();

  const { value: last } = await stream.next();
  await closing;
  expect(last).toEqual({
    id: undefined,
    event: 'error',
    data: {
      type: 'error',
      code: 'server_stopping',
      message: expect.stringContaining('shutting down'),
      param: null,
      sequence_number: 5,
    },
  });
});

test.each([
  ['GET', '/v1/responses/resp_1?stream=yes'],
  ['GET', '/v1/responses/resp_1?starting_after=-2'],
  ['GET', '/v1/conversations/other_1'],
  ['DELETE', '/v1/conversations/other_1'],
  ['GET', '/v1/conversations/other_1/items'],
])('%s %s is not a request of the API', async (method, path) => {
  await using rig = await openRig({ openai: {} });

  const answer = await rig.get(path, { method });

  expect([answer.status, await answer.json()]).toMatchObject([400, { error: { code: 'input_invalid', param: null } }]);
});

test.each([
  ['/v1/conversations', { items: Array.from({ length: 21 }, () => ({ role: 'user', content: 'Hi' })) }],
  ['/v1/conversations/conv_1/items', { items: [] }],
  ['/v1/conversations/conv_1/items', undefined],
])('a conversation does not take other items: %s %o', async (path, body) => {
  await using rig = await openRig({ openai: {} });

  const refused = await rig.post(path, body);

  expect([refused.status, await refused.json()]).toMatchObject([
    400,
    { error: { code: 'input_invalid', param: null } },
  ]);
});

test('a HEAD request of a response, which would wait as long as a run lasts, has no route', async () => {
  await using rig = await openRig({ openai: {}, steps: [reply('Hi.')] });
  const { id } = await json(rig.post('/v1/responses', { model, input: 'Hi' }));

  const head = await rig.get(`/v1/responses/${id}`, { method: 'HEAD' });

  expect(head.status).toBe(404);
});
