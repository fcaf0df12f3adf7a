// Which tools the model must call, and how often it may.
import { expect, test } from 'vitest';
import { Agent, dataContent } from '../../src/index.ts';
import { chatUpdate } from '../../src/seams.ts';
import { call, finished, scriptedClient, wantsTools } from '../scripted-client.ts';
import { weatherTool } from './weather-tool.ts';

test('after maxToolRounds the last model call goes without tools, and calls in its answer are dropped', async () => {
  const ask = (id: string) => [call(id, 'get_weather', '{"city":"Paris"}'), wantsTools];
  const client = scriptedClient(ask('c1'), ask('c2'), ['Enough.', call('c3', 'get_weather', '{}'), finished]);
  const agent = new Agent({ client, tools: [weatherTool()], limits: { maxToolRounds: 2 } });

  const response = await agent.run('Go');

  expect(client.requests.map((request) => request.toolChoice)).toEqual(['auto', 'auto', 'none']);
  expect(response.text).toBe('Enough.');
  expect(response.messages.at(-1)).toEqual({ role: 'assistant', contents: 'Enough.' });
});

test('rounds are limited to 40 by default', async () => {
  const rounds = Array.from({ length: 41 }, (_, round) => [
    call(`c${round}`, 'get_weather', '{"city":"Paris"}'),
    wantsTools,
  ]);
  const client = scriptedClient(...rounds);

  const run = new Agent({ client, tools: [weatherTool()] }).run('Go');

  await expect(run).rejects.toMatchObject({
    code: 'tool_rounds_exceeded',
    message: expect.stringContaining('41 model calls'),
  });
  expect(client.requests.at(-1)?.toolChoice).toBe('none');
});

test('three failed rounds in a row end with a call without tools; a clean round resets the count', async () => {
  const bad = (id: string) => [call(id, 'nope', '{}'), wantsTools];
  const good = (id: string) => [call(id, 'get_weather', '{"city":"Paris"}'), wantsTools];
  const client = scriptedClient(bad('1'), bad('2'), good('3'), bad('4'), bad('5'), bad('6'), ['I give up.', finished]);

  const response = await new Agent({ client, tools: [weatherTool()] }).run('Go');

  expect(client.requests.map((request) => request.toolChoice)).toEqual([
    'auto',
    'auto',
    'auto',
    'auto',
    'auto',
    'auto',
    'none',
  ]);
  expect(response.text).toBe('I give up.');
});

test.each(['required', { name: 'get_weather' }] as const)(
  'a tool choice %j holds for the first model call only',
  async (toolChoice) => {
    const client = scriptedClient([call('c1', 'get_weather', '{"city":"Paris"}'), wantsTools], ['Sunny.', finished]);

    await new Agent({ client, tools: [weatherTool()] }).run('Go', { toolChoice });

    expect(client.requests.map((request) => request.toolChoice)).toEqual([toolChoice, 'auto']);
  },
);

test('a tool choice of none holds throughout', async () => {
  const client = scriptedClient(['Hi', finished]);

  await new Agent({ client, tools: [weatherTool()] }).run('Go', { toolChoice: 'none' });

  expect(client.requests.map((request) => request.toolChoice)).toEqual(['none']);
});

test('a call made in spite of the tool choice none does not run and is not part of the answer', async () => {
  const asked: string[] = [];
  const client = scriptedClient(['Hi.', call('c1', 'get_weather', '{"city":"Paris"}'), wantsTools]);
  const agent = new Agent({ client, tools: [weatherTool(asked)] });
  const session = agent.createSession();

  const { text, messages, finishReason } = await agent.run('Go', { session, toolChoice: 'none' });

  expect([asked, client.requests.length, text, finishReason]).toEqual([[], 1, 'Hi.', 'stop']);
  expect(messages).toEqual([{ role: 'assistant', contents: 'Hi.' }]);
  expect(JSON.stringify(session.state)).not.toContain('c1');
});

test('a run without tools also drops a call made in spite of the tool choice none', async () => {
  const client = scriptedClient(['Hi.', call('c1', 'get_weather', '{"city":"Paris"}'), wantsTools]);

  const { messages, finishReason } = await new Agent({ client }).run('Go', { toolChoice: 'none' });

  expect([messages, finishReason]).toEqual([[{ role: 'assistant', contents: 'Hi.' }], 'stop']);
});

test('an answer with an image and a forbidden call is the image', async () => {
  const image = dataContent(new Uint8Array([1]), 'image/png');
  const draws = chatUpdate({ contents: [image], role: 'assistant' });
  const client = scriptedClient([draws, call('c1', 'get_weather', '{"city":"Paris"}'), wantsTools]);

  const response = await new Agent({ client, tools: [weatherTool()] }).run('Draw', { toolChoice: 'none' });

  expect(response.messages).toEqual([{ role: 'assistant', contents: [image] }]);
});

test.each([
  ['with tools', [weatherTool()]],
  ['without tools', []],
])('in a run %s an answer with nothing but forbidden calls is an error, not an empty answer', async (_, tools) => {
  const client = scriptedClient([call('c1', 'get_weather', '{"city":"Paris"}'), wantsTools]);

  const run = new Agent({ client, tools }).run('Go', { toolChoice: 'none' });

  await expect(run).rejects.toMatchObject({
    code: 'tool_rounds_exceeded',
    message:
      "The model only called tools, which toolChoice 'none' forbids. Run again, or ask for text in the instructions.",
  });
});
