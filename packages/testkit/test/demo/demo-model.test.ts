import { expect, test, vi } from 'vitest';
import { type DemoModel, httpError, startDemoModel, truncateAfter } from '../../src/index.ts';
import { fakeTimeouts, untilItWaits } from '../fake-time.ts';
import {
  bothApis,
  chatPath,
  framesIn,
  post,
  postJson,
  readChunks,
  readText,
  responsesPath,
  textIn,
} from '../reader.ts';

const atOnce = { pace: { firstChunkDelayMs: 0, chunkDelayMs: 0 } };

async function ask(model: DemoModel, body: object): Promise<{ id: string; text: string }> {
  const answer = await postJson(model, responsesPath, body);
  const [message] = answer['output'] as [{ content: [{ text: string }] }];
  return { id: answer['id'] as string, text: message.content[0].text };
}

test.each(bothApis)('it streams its answer in fragments, some of them in mid-word, over %s', async (_, path) => {
  await using model = await startDemoModel(atOnce);
  const content = 'What is Python in one line?';

  const body = { stream: true, input: content, messages: [{ role: 'user', content }] };
  const text = textIn(framesIn(await readText(await post(model, path, body))));

  expect(text).toMatch(/^Python is a high-level, interpreted programming language/);
  expect(model.requests[0]!.chunksSent).toBeGreaterThan(text.split(' ').length);
});

test('a whole answer has the same text as the streamed one', async () => {
  await using model = await startDemoModel(atOnce);
  const body = { input: 'Tell me a long story.' };

  const whole = await ask(model, body);
  const streamed = textIn(framesIn(await readText(await post(model, responsesPath, { ...body, stream: true }))));

  expect(streamed).toBe(whole.text);
});

test('on Chat Completions it knows what the request carries, and nothing else', async () => {
  await using model = await startDemoModel(atOnce);
  const question = { role: 'user', content: 'How old is it? Answer with a year only.' };
  const turn = [
    { role: 'user', content: 'What is Python?' },
    { role: 'assistant', content: 'A language.' },
  ];

  const alone = await postJson(model, chatPath, { messages: [question] });
  const after = await postJson(model, chatPath, { messages: [...turn, question] });
  const aloneAgain = await postJson(model, chatPath, { messages: [question] });

  const [first, second, third] = [alone, after, aloneAgain].map(
    (answer) => (answer['choices'] as [{ message: { content: string } }])[0].message.content,
  );
  expect(first).toContain('I cannot know what "it" is: I was sent 1 message');
  expect(second).toBe('1991');
  expect(third).toBe(first);
});

test('the service keeps a conversation by the id of its last response', async () => {
  await using model = await startDemoModel(atOnce);

  const first = await ask(model, { input: 'What is Python?' });
  const second = await ask(model, { input: 'How old is it?', previous_response_id: first.id });
  const third = await ask(model, { input: 'How many messages?', previous_response_id: second.id });
  const branch = await ask(model, { input: 'How many messages?', previous_response_id: first.id });

  expect([second.text, third.text, branch.text]).toEqual(['Python first appeared in 1991.', '5', '3']);
});

test('the service keeps a conversation by an id of its own', async () => {
  await using model = await startDemoModel(atOnce);
  const { id } = (await postJson(model, '/conversations', {})) as { id: string };

  await ask(model, { input: 'What is Rust?', conversation: id });
  const second = await ask(model, { input: 'How old is it?', conversation: { id } });

  expect(id).toMatch(/^conv_/);
  expect(second.text).toBe('Rust first appeared in 2015.');
});

test('an unstored or unknown response cannot be continued', async () => {
  await using model = await startDemoModel(atOnce);
  const unstored = await ask(model, { input: 'What is Python?', store: false });

  const forgotten = await post(model, responsesPath, { input: 'Hi.', previous_response_id: unstored.id });
  const unknown = await post(model, responsesPath, { input: 'Hi.', conversation: 'conv_1' });
  const both = await post(model, responsesPath, {
    input: 'Hi.',
    conversation: 'conv_1',
    previous_response_id: 'resp_1',
  });

  expect([forgotten.status, unknown.status, both.status]).toEqual([400, 404, 400]);
  expect(await forgotten.json()).toEqual({
    error: {
      type: 'invalid_request_error',
      code: 'previous_response_not_found',
      param: 'previous_response_id',
      message: `Previous response with id '${unstored.id}' not found.`,
    },
  });
});

test('an answer whose reader left is not part of the conversation', async () => {
  await using model = await startDemoModel({ pace: { firstChunkDelayMs: 0, chunkDelayMs: 5 } });
  const response = await post(model, responsesPath, { input: 'Tell me a story.', stream: true });
  let seen = '';
  for await (const chunk of response.body!) {
    seen += Buffer.from(chunk).toString('utf8');
    if (seen.includes('output_text.delta')) break;
  }
  await model.requests[0]!.closed;
  const id = /"id":"(resp_\w+)"/.exec(seen)![1];

  const next = await post(model, responsesPath, { input: 'Go on.', previous_response_id: id });

  expect(next.status).toBe(400);
});

test('ids are not those of another demo model', async () => {
  await using one = await startDemoModel(atOnce);
  await using other = await startDemoModel(atOnce);
  const { id } = await ask(one, { input: 'What is Python?' });
  await ask(other, { input: 'What is Rust?' });

  const response = await post(other, responsesPath, { input: 'How old is it?', previous_response_id: id });

  expect(response.status).toBe(400);
});

test.each(bothApis)('by default the first word comes after 300 ms, over %s', async (_, path) => {
  await using model = await startDemoModel();
  fakeTimeouts();

  const body = { stream: true, input: 'Hello', messages: [{ role: 'user', content: 'Hello' }] };
  const response = await post(model, path, body);
  await untilItWaits();
  vi.advanceTimersByTime(299);
  const early = vi.getTimerCount();
  vi.advanceTimersByTime(1);
  const due = vi.getTimerCount();
  await untilItWaits();
  const { chunksSent } = model.requests[0]!;
  vi.setTimerTickMode('nextTimerAsync');
  await readChunks(response);
  vi.useRealTimers();

  expect([early, due, chunksSent]).toEqual([1, 0, 1]);
});

test('a whole answer takes as long as its stream would', async () => {
  await using model = await startDemoModel({ pace: { firstChunkDelayMs: 0, chunkDelayMs: 20 } });
  const asked = performance.now();

  const { text } = await ask(model, { input: 'Hello' });

  expect(text).toBe('Hello. What would you like to know?');
  expect(performance.now() - asked).toBeGreaterThan(20 * 5);
});

test('it listens on the given port, and reports when it cannot', async () => {
  await using model = await startDemoModel();
  const port = Number(new URL(model.origin).port);

  await expect(startDemoModel({ port })).rejects.toThrow('EADDRINUSE');

  expect(model).toMatchObject({ origin: `http://127.0.0.1:${port}`, baseURL: `http://127.0.0.1:${port}/v1` });
});

test('an answer can be changed before it is sent, and an error can take its place', async () => {
  await using model = await startDemoModel({
    ...atOnce,
    change: (step, { texts }) =>
      texts.at(-1) === 'Hello.' ? { ...step, fault: truncateAfter({ chunks: 1 }) } : httpError(429),
  });

  const cut = textIn(framesIn(await readText(await post(model, responsesPath, { stream: true, input: 'Hello.' }))));
  const { status } = await post(model, responsesPath, { input: 'What is Python?' });
  const { status: inBackground } = await post(model, responsesPath, { input: 'And Rust?', background: true });

  expect(cut).toBe('Hello.');
  expect(status).toBe(429);
  expect(inBackground).toBe(429);
});
