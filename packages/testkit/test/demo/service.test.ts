// What the demo model does over HTTP beyond answering with text: tools, forms, and answers in the background.
import { expect, test } from 'vitest';
import { startDemoModel, TestClock } from '../../src/index.ts';
import {
  chatBody,
  chatPath,
  framesIn,
  post,
  postInARow,
  postJson,
  readText,
  responsesPath,
  type Target,
  textIn,
} from '../reader.ts';

type Json = Record<string, unknown>;

const pace = { firstChunkDelayMs: 0, chunkDelayMs: 0, queuedMs: 0 };
const atOnce = { pace };
const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const question = 'What is the weather in Paris and in Tokyo?';
const report = { model: 'demo', input: 'Write a report about Rust.', background: true };

async function look(model: Target, id: unknown): Promise<Json> {
  return (await (await fetch(`${model.baseURL}${responsesPath}/${String(id)}`)).json()) as Json;
}

function textOf(response: Json): string {
  const [message] = response['output'] as [{ content: [{ text: string }] }];
  return message.content[0].text;
}

test('on Chat Completions it calls the tool in fragments, and answers from the results it is sent', async () => {
  await using model = await startDemoModel(atOnce);
  const tools = [{ type: 'function', function: { name: 'get_weather', parameters } }];
  const messages = [{ role: 'user', content: question }];

  const streamed = framesIn(await readText(await post(model, chatPath, { ...chatBody, messages, tools })));
  const whole = await postJson(model, chatPath, { messages, tools });
  const [{ message }] = whole['choices'] as [{ message: { tool_calls: { id: string; function: Json }[] } }];
  const results = message.tool_calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: 'Sunny' }));
  const answer = await postJson(model, chatPath, { messages: [...messages, message, ...results], tools });

  const deltas = streamed.filter(({ data }) => data.includes('"tool_calls":[{"index":1'));
  expect(message.tool_calls.map((call) => call.function)).toEqual([
    { name: 'get_weather', arguments: '{"city":"Paris"}' },
    { name: 'get_weather', arguments: '{"city":"Tokyo"}' },
  ]);
  expect(new Set(message.tool_calls.map(({ id }) => id)).size).toBe(2);
  expect(deltas.length).toBeGreaterThan(2);
  expect(answer['choices']).toMatchObject([
    { message: { content: 'The weather in Paris: Sunny. In Tokyo: Sunny.' }, finish_reason: 'stop' },
  ]);
});

test('on Responses it knows its own calls by the id of the response that made them', async () => {
  await using model = await startDemoModel(atOnce);
  const tools = [{ type: 'function', name: 'get_weather', parameters }];

  const first = await postJson(model, responsesPath, { input: question, tools });
  const calls = first['output'] as { call_id: string }[];
  const input = calls.map(({ call_id }) => ({ type: 'function_call_output', call_id, output: 'Rain' }));
  const second = await postJson(model, responsesPath, { input, tools, previous_response_id: first['id'] });

  expect(calls).toMatchObject([
    { type: 'function_call', name: 'get_weather', arguments: '{"city":"Paris"}' },
    { type: 'function_call', name: 'get_weather', arguments: '{"city":"Tokyo"}' },
  ]);
  expect(textOf(second)).toBe('The weather in Paris: Rain. In Tokyo: Rain.');
});

test('a form is requested in either API’s format, and declined as a refusal', async () => {
  await using model = await startDemoModel(atOnce);
  const schema = { type: 'object', properties: { name: { type: 'string' }, year: { type: 'integer' } } };
  const format = { type: 'json_schema', name: 'language', schema };

  const chat = await postJson(model, chatPath, {
    messages: [{ role: 'user', content: 'What is Rust?' }],
    response_format: { type: 'json_schema', json_schema: { name: 'language', schema } },
  });
  const response = await postJson(model, responsesPath, { input: 'What is Rust?', text: { format } });
  const declined = await postJson(model, responsesPath, { input: 'Can you cook?', text: { format } });
  const free = await postJson(model, responsesPath, { input: 'What is Rust?', text: { format: { type: 'text' } } });

  expect(chat['choices']).toMatchObject([{ message: { content: '{"name":"Rust","year":2015}' } }]);
  expect(textOf(response)).toBe('{"name":"Rust","year":2015}');
  expect(declined['output']).toMatchObject([{ content: [{ type: 'refusal' }] }]);
  expect(textOf(free)).toMatch(/^Rust is a systems language/);
  expect(model.requests.map(({ output }) => output)).toEqual([
    { name: 'language', schema },
    { name: 'language', schema },
    { name: 'language', schema },
    null,
  ]);
});

test('a report is queued, written word by word, then complete', async () => {
  const clock = new TestClock();
  await using model = await startDemoModel({ clock });
  const started = await postJson(model, responsesPath, { ...report, stream: false });
  const seen: unknown[] = [started['status']];

  for (const ms of [499, 1, 3000, 60_000]) {
    clock.advance(ms);
    seen.push((await look(model, started['id']))['status']);
  }

  expect(seen).toEqual(['queued', 'queued', 'in_progress', 'in_progress', 'completed']);
  expect(textOf(await look(model, started['id']))).toMatch(/^Report: Rust\n/);
});

test('a report takes some seconds, and its words come as events', async () => {
  const clock = new TestClock();
  await using model = await startDemoModel({ clock });
  const reading = post(model, responsesPath, { ...report, stream: true }).then(readText);
  await expect.poll(() => model.requests[0]?.bytesSent).toBeGreaterThan(0);
  const { requests } = model;

  let seconds = 0;
  while (!requests[0]!.closedEarly && seconds < 60 && requests[0]!.chunksSent < 100) {
    clock.advance(1000);
    seconds += 1;
    const due = Math.max(0, (seconds * 1000 - 800) / 35);
    await expect.poll(() => requests[0]!.chunksSent).toBeGreaterThanOrEqual(Math.floor(due));
  }
  clock.advance(60_000);

  expect(seconds).toBeGreaterThan(3);
  expect(seconds).toBeLessThan(7);
  expect(textIn(framesIn(await reading))).toMatch(/^Report: Rust\n/);
});

test('a finished background answer can be continued by its id, polled or not', async () => {
  await using model = await startDemoModel(atOnce);
  const { id } = await postJson(model, responsesPath, report);

  const next = await postJson(model, responsesPath, { input: 'How old is it? Year only.', previous_response_id: id });

  expect(textOf(next)).toBe('2015');
});

test('an answer that was open during another question can be continued later', async () => {
  const clock = new TestClock();
  await using model = await startDemoModel({ ...atOnce, pace: { ...pace, queuedMs: 500 }, clock });
  const { id } = await postJson(model, responsesPath, report);
  await postJson(model, responsesPath, { input: 'Hello' });
  clock.advance(500);

  const next = await postJson(model, responsesPath, { input: 'How old is it? Year only.', previous_response_id: id });

  expect(textOf(next)).toBe('2015');
});

test('an open or cancelled answer cannot be continued', async () => {
  const clock = new TestClock();
  await using model = await startDemoModel({ clock });
  const { id } = await postJson(model, responsesPath, report);
  const next = { input: 'How old is it?', previous_response_id: id };

  const open = await post(model, responsesPath, next);
  const cancelled = await postJson(model, `${responsesPath}/${String(id)}/cancel`, undefined);
  clock.advance(60_000);
  const afterwards = await post(model, responsesPath, next);

  expect([open.status, cancelled['status'], afterwards.status]).toEqual([400, 'cancelled', 400]);
  expect(await look(model, id)).toMatchObject({ status: 'cancelled', output: [] });
});

test('background answers are kept for ten minutes, and continued afterwards all the same', async () => {
  const clock = new TestClock();
  await using model = await startDemoModel({ ...atOnce, clock });
  const { id } = await postJson(model, responsesPath, report);

  clock.advance(600_000);
  const kept = await look(model, id);
  clock.advance(1);
  const gone = await look(model, id);
  const next = await postJson(model, responsesPath, { input: 'How old is it? Year only.', previous_response_id: id });

  expect(kept['status']).toBe('completed');
  expect(gone).toMatchObject({ error: { message: `Response with id '${String(id)}' not found.` } });
  expect(textOf(next)).toBe('2015');
});

test('a tool is called in the background too', async () => {
  await using model = await startDemoModel(atOnce);
  const tools = [{ type: 'function', name: 'get_weather', parameters }];

  const { id } = await postJson(model, responsesPath, { input: question, tools, background: true });

  expect(await look(model, id)).toMatchObject({
    status: 'completed',
    output: [{ name: 'get_weather' }, { name: 'get_weather' }],
  });
});

test('it keeps the last thousand requests and background answers', async () => {
  await using model = await startDemoModel(atOnce);

  const answers = await postInARow(
    model,
    responsesPath,
    Array.from({ length: 1005 }, (_, index) => ({ input: `Hello ${index}`, background: index < 1001 })),
  );
  const ids = [...answers.matchAll(/"id":"(resp_\w+)"/g)].map(([, id]) => id);

  expect(model.requests).toHaveLength(1000);
  expect(model.requests[0]!.texts).toEqual(['Hello 5']);
  expect(model.requests.at(-1)!.texts).toEqual(['Hello 1004']);
  expect(ids).toHaveLength(1005);
  expect(await look(model, ids[0])).toMatchObject({ error: { message: `Response with id '${ids[0]}' not found.` } });
  expect(await look(model, ids[1])).toMatchObject({ status: 'completed' });
});

test('Chat Completions refuses to answer in the background', async () => {
  await using model = await startDemoModel(atOnce);

  const refused = await post(model, chatPath, { ...chatBody, background: true });

  expect(refused.status).toBe(400);
});
