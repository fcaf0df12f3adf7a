// A run without a connection: what is sent, what each look finds, how it ends, and what is remembered.
import { OpenAIChatCompletionsClient } from '@turnstream/openai';
import { background, httpError, mockModel, reply, responseFailed } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { reportAgent } from '../report-agent.ts';
import { agentAt } from './scripted-agent.ts';

const REPORT = ['A long ', 'report.'];

test('starting requests a background response and closes the connection before there is an answer', async () => {
  using model = mockModel(background(reply(REPORT), { looks: ['queued'] }));

  const run = await agentAt(model).runInBackground('Write it.');

  await model.requests[0]!.closed;
  expect(run.status).toBe('queued');
  expect(model.requests).toHaveLength(1);
  expect(model.requests[0]).toMatchObject({ method: 'POST', body: { background: true }, texts: ['Write it.'] });
});

test('each poll is a separate request and returns the status of the run', async () => {
  using model = mockModel(background(reply(REPORT), { looks: ['queued', 'in_progress'] }));
  const run = await agentAt(model).runInBackground('Write it.');

  const statuses = [await run.poll(), await run.poll(), await run.poll()];

  expect(statuses).toEqual(['queued', 'in_progress', 'completed']);
  expect(model.requests.map(({ method, responseId }) => [method, responseId])).toEqual([
    ['POST', null],
    ['GET', 'resp_1'],
    ['GET', 'resp_1'],
    ['GET', 'resp_1'],
  ]);
});

test('the finished turn is in the session, with its question, and the next request carries it', async () => {
  using model = mockModel(background(reply(REPORT), { looks: [] }), reply('Two.'));
  const agent = agentAt(model);
  const session = agent.createSession();

  const run = await agent.runInBackground('Write it.', { session });
  const answer = await run.wait();
  await agent.run('How many words?', { session });

  expect(answer).toMatchObject({ text: 'A long report.', status: 'completed' });
  expect(model.requests.at(-1)!.texts).toEqual(['Write it.', 'A long report.', 'How many words?']);
});

test('while the run is under way its session is free for other questions', async () => {
  using model = mockModel(background(reply(REPORT), { looks: ['in_progress'] }), reply('Hello.'), reply('Two.'));
  const agent = agentAt(model);
  const session = agent.createSession();
  const run = await agent.runInBackground('Write it.', { session });

  await agent.run('Hi', { session });
  await run.poll();
  await run.wait();
  await agent.run('How many words?', { session });

  expect(model.requests.filter(({ responseId }) => responseId === null).map(({ texts }) => texts)).toEqual([
    ['Write it.'],
    ['Hi'],
    ['Hi', 'Hello.', 'Write it.', 'A long report.', 'How many words?'],
  ]);
});

test('a cancelled run is cancelled at the service, ends as cancelled, and is not stored', async () => {
  using model = mockModel(background(reply(REPORT), { looks: ['in_progress', 'in_progress'] }), reply('Hello.'));
  const agent = agentAt(model);
  const session = agent.createSession();
  const run = await agent.runInBackground('Write it.', { session });

  await run.cancel();
  const answer = await run.wait();
  await agent.run('Hi', { session });

  expect(answer).toMatchObject({ status: 'cancelled', text: '' });
  expect(model.requests[1]).toMatchObject({ method: 'POST', responseId: 'resp_1' });
  expect(model.requests[1]!.path).toMatch(/\/responses\/resp_1\/cancel$/);
  expect(model.requests.at(-1)!.texts).toEqual(['Hi']);
});

test('a failed run is an error with the code of the service, never an empty answer', async () => {
  const failure = responseFailed({ chunks: 1 }, { code: 'server_error', message: 'It broke.' });
  using model = mockModel(background(reply(REPORT, { fault: failure }), { looks: ['in_progress'] }));
  const agent = agentAt(model);
  const session = agent.createSession();
  const run = await agent.runInBackground('Write it.', { session });
  await run.poll();

  const waiting = run.wait();

  await expect(waiting).rejects.toMatchObject({ code: 'response_failed', serviceCode: 'server_error' });
  expect(run.status).toBe('failed');
  expect(session.state).toEqual({});
});

test('an answer cut at its length limit is an answer, and says so', async () => {
  using model = mockModel(background(reply(REPORT, { finishReason: 'length' }), { looks: [] }));
  const run = await agentAt(model).runInBackground('Write it.');

  const answer = await run.wait();

  expect(answer).toMatchObject({ status: 'incomplete', finishReason: 'length', text: 'A long report.' });
});

test('an answer that the service has deleted has its own error code', async () => {
  using model = mockModel(background(reply(REPORT), { looks: ['expired'] }));
  const run = await agentAt(model).runInBackground('Write it.');

  const waiting = run.wait();

  await expect(waiting).rejects.toMatchObject({ code: 'background_expired' });
});

test('a failed poll leaves the run unchanged', async () => {
  using model = mockModel(background(reply(REPORT), { looks: [httpError(503)] }));
  const run = await agentAt(model).runInBackground('Write it.');

  const look = run.poll();

  await expect(look).rejects.toMatchObject({ code: 'server_error' });
  expect(await run.wait()).toMatchObject({ text: 'A long report.' });
});

test('Chat Completions has no background, and says so before anything is sent', async () => {
  using model = mockModel();
  const client = new OpenAIChatCompletionsClient({ model: 'gpt-4.1', apiKey: 'test-key', baseURL: model.baseURL });

  const starting = reportAgent(client).runInBackground('Write it.');

  await expect(starting).rejects.toMatchObject({ code: 'background_unsupported' });
  expect(model.requests).toEqual([]);
});
