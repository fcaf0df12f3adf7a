// Services that repeat their call ids: each call of a conversation still has an id of its own.
import { expect, test } from 'vitest';
import { Agent } from '../../src/index.ts';
import { callsOf, resultsOf } from '../../src/seams.ts';
import { call, chatUpdateWithId, finished, scriptedClient, wantsTools } from '../scripted-client.ts';
import { sentLines, weatherTool } from './weather-tool.ts';

test('a call that repeats an id gets an id of its own, in the stream, in the turn and in what the model is sent', async () => {
  const client = scriptedClient(
    [call('c', 'get_weather', '{"city":"Paris"}'), wantsTools],
    [call('c', 'get_weather', '{"city":'), call('c', '', '"Oslo"}'), wantsTools],
    ['Sunny.', finished],
  );
  const stream = new Agent({ client, tools: [weatherTool()] }).runStreaming('Weather?');

  const updates = await Array.fromAsync(stream);

  const { messages } = await stream.finalResponse();
  const idsIn = (contents: readonly object[]): unknown[] =>
    contents.flatMap((content) => ('callId' in content ? content.callId : []));
  expect(updates.flatMap(({ contents }) => idsIn(contents))).toEqual(['c', 'c', 'c_2', 'c_2', 'c_2']);
  expect(idsIn(messages.flatMap(callsOf))).toEqual(['c', 'c_2']);
  expect(idsIn(messages.flatMap(resultsOf))).toEqual(['c', 'c_2']);
  expect(sentLines(client)[2]).toEqual([
    'user: Weather?',
    'call c get_weather {"city":"Paris"}',
    'result c Sunny in Paris',
    'call c_2 get_weather {"city":"Oslo"}',
    'result c_2 Sunny in Oslo',
  ]);
});

test('a new id is unique in the session, and no other call of the answer has it', async () => {
  const client = scriptedClient(
    [call('c', 'get_weather', '{"city":"Paris"}'), wantsTools],
    ['Sunny.', finished],
    [call('c', 'get_weather', '{"city":"Oslo"}'), call('c_2', 'get_weather', '{"city":"Rome"}'), wantsTools],
    ['Sunny.', finished],
  );
  const agent = new Agent({ client, tools: [weatherTool()] });
  const session = agent.createSession();

  await agent.run('Weather?', { session });
  const { messages } = await agent.run('And there?', { session });

  expect(messages.flatMap(callsOf).map(({ callId }) => callId)).toEqual(['c_2', 'c_2_2']);
  expect(messages.flatMap(resultsOf).map(({ callId, result }) => [callId, result])).toEqual([
    ['c_2', 'Sunny in Oslo'],
    ['c_2_2', 'Sunny in Rome'],
  ]);
});

test('a service that keeps the conversation is sent its own ids', async () => {
  const client = scriptedClient(
    [call('c', 'get_weather', '{"city":"Paris"}'), chatUpdateWithId('resp_1', 'tool_calls')],
    [call('c', 'get_weather', '{"city":"Oslo"}'), chatUpdateWithId('resp_2', 'tool_calls')],
    ['Sunny.', chatUpdateWithId('resp_3')],
  );
  const agent = new Agent({ client, history: 'service', tools: [weatherTool()] });

  await agent.run('Weather?', { session: agent.createSession() });

  expect(sentLines(client).slice(1)).toEqual([['result c Sunny in Paris'], ['result c Sunny in Oslo']]);
});
