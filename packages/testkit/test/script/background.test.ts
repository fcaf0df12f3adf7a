// Which requests are answered in the background, which are refused, and which of them are model calls.
import { expect, test } from 'vitest';
import { background, callTool, mockModel, reply } from '../../src/index.ts';
import { doors } from '../both-doors.ts';
import { get, look, polled } from '../model/background-reader.ts';
import { chatBody, chatPath, post, postJson, readText, responsesPath } from '../reader.ts';

test('a plain reply or tool call answers in the background when requested', async () => {
  using model = mockModel(reply('A', { id: 'resp_a' }), callTool('get_time', {}));

  const started = await postJson(model, responsesPath, polled);
  await postJson(model, responsesPath, polled);
  const [plain, call] = [await look(model, 'resp_a'), await look(model, 'resp_2')];

  expect(started).toMatchObject({ id: 'resp_a', status: 'queued' });
  expect(plain).toMatchObject({ status: 'completed', output: [{ content: [{ text: 'A' }] }] });
  expect(call).toMatchObject({ status: 'completed', output: [{ type: 'function_call', name: 'get_time' }] });
});

test('a background step does not answer on the connection of the request', async () => {
  const model = mockModel(background(reply('A')));

  const answer = await post(model, responsesPath, { input: 'Hi.' });

  expect(answer.status).toBe(500);
  expect(() => model[Symbol.dispose]()).toThrow(
    'call 1 asks for an answer on its connection, but background(reply("A")) answers POST /responses with background: true only',
  );
});

test.each([true, false, null])('Chat Completions rejects background: %s without using up a step', async (value) => {
  using model = mockModel();

  const refused = await post(model, chatPath, { ...chatBody, background: value });

  expect(refused.status).toBe(400);
  expect(await refused.json()).toEqual({
    error: {
      type: 'invalid_request_error',
      code: 'unknown_parameter',
      param: 'background',
      message: "Unknown parameter: 'background'.",
    },
  });
});

test.each(doors)('%s records polls and cancels, which are not model calls', async (_, open) => {
  await using model = await open(background(reply('A'), { looks: ['queued'] }), reply('B'));
  await postJson(model, responsesPath, polled);
  await look(model);
  await readText(await get(model, '/resp_1?api-version=preview'));
  await post(model, `${responsesPath}/resp_1/cancel`, undefined);

  const next = await postJson(model, responsesPath, { input: 'Hi.' });

  expect(next['id']).toBe('resp_2');
  expect(model.requests.map(({ method, path, responseId }) => [method, path, responseId])).toEqual([
    ['POST', '/v1/responses', null],
    ['GET', '/v1/responses/resp_1', 'resp_1'],
    ['GET', '/v1/responses/resp_1?api-version=preview', 'resp_1'],
    ['POST', '/v1/responses/resp_1/cancel', 'resp_1'],
    ['POST', '/v1/responses', null],
  ]);
  expect(model.requests[1]).toMatchObject({ api: 'responses', body: {}, messages: [], closedEarly: false });
});
