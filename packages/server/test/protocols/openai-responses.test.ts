// /v1/responses with the unmodified client of OpenAI, and our own with the history at the service.
import { Agent } from '@turnstream/core';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { httpError, refuse, reply, stallAfter } from '@turnstream/testkit';
import OpenAI, { APIError } from 'openai';
import { expect, test } from 'vitest';
import { framesOf, memoryStore, openRig, type Rig, TOKEN } from '../app-rig.ts';

const clientOf = ({ url }: Rig): OpenAI => new OpenAI({ apiKey: TOKEN, baseURL: `${url}/v1`, maxRetries: 0 });
const model = 'agent';

test('a whole answer is a response, with its tokens', async () => {
  const usage = { inputTokens: 90, outputTokens: 30, cachedInputTokens: 64, reasoningTokens: 20 };
  await using rig = await openRig({ openai: {}, steps: [reply('A language.', { usage })] });

  const response = await clientOf(rig).responses.create({ model, input: 'What is Python?' });

  expect(response).toMatchObject({
    object: 'response',
    status: 'completed',
    model,
    output_text: 'A language.',
    error: null,
  });
  expect(response.usage).toEqual({
    input_tokens: 90,
    output_tokens: 30,
    total_tokens: 120,
    input_tokens_details: { cached_tokens: 64 },
    output_tokens_details: { reasoning_tokens: 20 },
  });
});

test('a stream tells of each item in order, and its last event has the whole response', async () => {
  await using rig = await openRig({ openai: {}, steps: [reply(['A lang', 'uage.'])] });

  const events = await Array.fromAsync(
    await clientOf(rig).responses.create({ model, input: 'What is Python?', stream: true }),
  );

  expect(events.map(({ type }) => type.replace('response.', ''))).toEqual([
    'created',
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
  expect(events.map((event) => event.sequence_number)).toEqual(events.map((_event, index) => index));
  expect(events.at(-1)).toMatchObject({
    response: { status: 'completed', output: [{ content: [{ text: 'A language.' }] }] },
  });
});

test('an answer continues after the previous response, in one session', async () => {
  await using rig = await openRig({ openai: {}, steps: [reply('A language.'), reply('1991')] });
  const { responses } = clientOf(rig);
  const first = await responses.create({ model, input: 'What is Python?' });

  const second = await responses
    .stream({ model, input: 'How old is it?', previous_response_id: first.id })
    .finalResponse();

  expect([second.output_text, second.previous_response_id]).toEqual(['1991', first.id]);
  expect(rig.model.requests[1]!.texts).toEqual(['What is Python?', 'A language.', 'How old is it?']);
  const { sessions } = (await (await rig.get('/sessions')).json()) as unknown as { sessions: [{ sessionId: string }] };
  expect(sessions).toHaveLength(1);
  expect(await responses.retrieve(first.id)).toMatchObject({
    id: first.id,
    status: 'completed',
    output_text: 'A language.',
  });
  expect(await responses.retrieve(second.id)).toMatchObject({ id: second.id, output_text: '1991', usage: null });
});

test('two answers to one response are independent', async () => {
  await using rig = await openRig({
    openai: {},
    steps: [reply('A language.'), reply('1991'), reply('Guido.'), reply('Yes.')],
  });
  const { responses } = clientOf(rig);
  const { id } = await responses.create({ model, input: 'What is Python?' });

  const old = await responses.create({ model, input: 'How old is it?', previous_response_id: id });
  const made = await responses.create({ model, input: 'Who made it?', previous_response_id: id });
  await responses.create({ model, input: 'Sure?', previous_response_id: made.id });

  expect(rig.model.requests[2]!.texts).toEqual(['What is Python?', 'A language.', 'Who made it?']);
  expect(rig.model.requests[3]!.texts).toEqual(['What is Python?', 'A language.', 'Who made it?', 'Guido.', 'Sure?']);
  expect((await responses.retrieve(old.id)).output_text).toBe('1991');
});

test('two answers to one response may be under way at once', async () => {
  const stuck = reply(['Two', '.'], { fault: stallAfter({ chunks: 1 }) });
  await using rig = await openRig({ openai: {}, steps: [reply('A language.'), stuck, reply('Guido.')] });
  const { responses } = clientOf(rig);
  const { id } = await responses.create({ model, input: 'What is Python?' });
  const asking = { model, previous_response_id: id };
  const first = await responses.create({ ...asking, input: 'How many versions?', stream: true });
  for await (const { type } of first) if (type === 'response.output_text.delta') break;

  const second = await responses.create({ ...asking, input: 'Who made it?' });

  expect(second.output_text).toBe('Guido.');
  expect(rig.model.requests[2]!.texts).toEqual(['What is Python?', 'A language.', 'Who made it?']);
});

test('store: false stores nothing, even with a previous response', async () => {
  await using rig = await openRig({ openai: {}, steps: [reply('A language.'), reply('1991'), reply('2')] });
  const { responses } = clientOf(rig);
  const { id } = await responses.create({ model, input: 'What is Python?' });

  const second = await responses.create({ model, input: 'How old is it?', previous_response_id: id, store: false });
  const gone = await responses.retrieve(second.id).catch((error: unknown) => error);
  await responses.create({ model, input: 'And?', previous_response_id: id });

  expect(gone).toMatchObject({ status: 404, code: 'not_found' });
  expect(rig.model.requests[1]!.texts).toEqual(['What is Python?', 'A language.', 'How old is it?']);
  expect(rig.model.requests[2]!.texts).toEqual(['What is Python?', 'A language.', 'And?']);
});

test('another owner’s response looks like one that does not exist', async () => {
  const store = memoryStore();
  await using rig = await openRig({ openai: {}, store, steps: [reply('A language.')] });
  await using theirs = await openRig({ openai: {}, store, identity: { authenticate: async () => 'eve' } });
  const { id } = await clientOf(rig).responses.create({ model, input: 'What is Python?' });
  const { responses } = clientOf(theirs);

  const refusals = await Promise.all(
    [responses.retrieve(id), responses.create({ model, input: 'And?', previous_response_id: id })].map((each) =>
      each.then(
        () => null,
        (error: unknown) => error,
      ),
    ),
  );

  expect(refusals).toMatchObject([
    { status: 404, code: 'not_found' },
    { status: 400, code: 'previous_response_not_found', param: 'previous_response_id' },
  ]);
});

test('a second answer to one response that cannot be given leaves no session', async () => {
  const steps = [reply('A language.'), reply('1991'), httpError(500), httpError(500)];
  await using rig = await openRig({ openai: {}, ceilings: { openRunsPerUser: 0 }, steps });
  const { responses } = clientOf(rig);
  const { id } = await responses.create({ model, input: 'What is Python?' });
  await responses.create({ model, input: 'How old is it?', previous_response_id: id });
  const asking = { model, input: 'Who made it?', previous_response_id: id };

  const refused = await Promise.allSettled([
    responses.create(asking),
    responses.stream(asking).finalResponse(),
    responses.create({ ...asking, background: true }),
  ]);

  expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  const sessionsOf = async (): Promise<unknown[]> =>
    ((await (await rig.get('/sessions')).json()) as unknown as { sessions: unknown[] }).sessions;
  await expect.poll(sessionsOf).toHaveLength(1);
});

test('an answer that failed leaves no session and no response', async () => {
  await using rig = await openRig({ openai: {}, steps: [httpError(500), httpError(500)] });
  const { responses } = clientOf(rig);

  const whole = await responses.create({ model, input: 'Hi' }).catch((error: unknown) => error);
  const streamed = await responses
    .stream({ model, input: 'Hi' })
    .finalResponse()
    .catch((error: unknown) => error);

  expect(whole).toMatchObject({ status: 502, code: 'server_error' });
  expect(streamed).toBeInstanceOf(APIError);
  expect(streamed).toMatchObject({ message: expect.stringContaining("model's service failed") });
  await expect.poll(async () => (await rig.get('/sessions')).json()).toEqual({ sessions: [] });
});

test('a failed stream ends with an error and with the failed response, as clients read one or the other', async () => {
  await using rig = await openRig({ openai: {}, steps: [httpError(500)] });

  const all = await framesOf(await rig.post('/v1/responses', { model, input: 'Hi', stream: true }));

  const error = { code: 'server_error', message: expect.stringContaining("model's service failed") };
  expect(all.slice(2)).toMatchObject([
    { event: 'error', data: { type: 'error', ...error, sequence_number: 2 } },
    { event: 'response.failed', data: { response: { status: 'failed', error }, sequence_number: 3 } },
  ]);
});

test('a refusal of the model, and an answer that was cut short, say so', async () => {
  await using rig = await openRig({
    openai: {},
    steps: [
      refuse(['I can', 'not.']),
      reply('A lang', { finishReason: 'length' }),
      reply('', { finishReason: 'content_filter' }),
    ],
  });
  const { responses } = clientOf(rig);

  const refused = await responses.stream({ model, input: 'Go' }).finalResponse();
  const short = await responses.create({ model, input: 'Go' });
  const again = await responses.retrieve(short.id);
  const silent = await responses.retrieve((await responses.create({ model, input: 'Go' })).id);

  expect(refused.output).toMatchObject([{ content: [{ type: 'refusal', refusal: 'I cannot.' }] }]);
  expect(short).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
  expect(again).toMatchObject({ status: 'incomplete', incomplete_details: null });
  expect(silent).toMatchObject({ status: 'incomplete', output: [] });
});

test('a server that dies in mid-answer throws in the client', async () => {
  const stuck = reply(['Once ', 'upon'], { fault: stallAfter({ chunks: 1 }) });
  await using rig = await openRig({ openai: {}, steps: [stuck] });
  const stream = clientOf(rig).responses.stream({ model, input: 'Go' });
  const told = new Promise<void>((resolve) => stream.on('response.output_text.delta', () => resolve()));
  const final = stream.finalResponse().catch((error: unknown) => error);
  await told;

  rig.app.server.closeAllConnections();

  expect(await final).toBeInstanceOf(Error);
});

test('an agent can use a served agent as its model, with the history at the server', async () => {
  await using rig = await openRig({ openai: {}, steps: [reply('A language.'), reply('1991')] });
  const client = new OpenAIResponsesClient({ baseURL: `${rig.url}/v1`, model, apiKey: TOKEN, maxRetries: 0 });
  const agent = new Agent({ client, history: 'service' });
  const session = agent.createSession();

  await agent.run('What is Python?', { session });
  const { text } = await agent.runStreaming('How old is it?', { session }).finalResponse();

  expect(text).toBe('1991');
  expect(rig.model.requests[1]!.texts).toEqual(['What is Python?', 'A language.', 'How old is it?']);
});
