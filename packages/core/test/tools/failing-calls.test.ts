// Calls that fail: what the model reads, and what the caller hears.
import { expect, test } from 'vitest';
import * as z from 'zod';
import { Agent, tool } from '../../src/index.ts';
import { chatUpdate } from '../../src/seams.ts';
import { call, finished, scriptedClient, wantsTools } from '../scripted-client.ts';
import { sentLines, weatherTool } from './weather-tool.ts';

test.each([
  ['an unknown tool', 'get_tides', '{}', 'unknown_tool', 'Error: Requested function "get_tides" not found.'],
  [
    'arguments cut in the middle',
    'get_weather',
    '{"city":"Par',
    'invalid_arguments',
    'Error: Argument parsing failed.',
  ],
  [
    'arguments that are not an object',
    'get_weather',
    '["Paris"]',
    'invalid_arguments',
    'Error: Argument parsing failed.',
  ],
  [
    'arguments the schema refuses',
    'get_weather',
    '{}',
    'invalid_arguments',
    expect.stringContaining('Error: Argument parsing failed. city: '),
  ],
  ['a tool that throws', 'broken', '{}', 'tool_failed', 'Error: Function failed.'],
])('%s becomes a text for the model and a code for the caller', async (_what, name, args, error, result) => {
  const asked: string[] = [];
  const broken = tool({
    name: 'broken',
    description: 'Throws.',
    parameters: z.object({}),
    execute: () => {
      throw new Error('secret host db-7');
    },
  });
  const client = scriptedClient([call('c1', name, args), wantsTools], ['Sorry.', finished]);
  const agent = new Agent({ client, tools: [weatherTool(asked), broken] });
  const session = agent.createSession();

  const response = await agent.run('Go', { session });

  expect(response.messages[1]?.contents).toEqual([{ type: 'function_result', callId: 'c1', result, error }]);
  expect(asked).toEqual([]);
  expect(response.text).toBe('Sorry.');
  expect(JSON.stringify(session.state)).not.toContain('db-7');
});

test('only onToolError gets a tool’s exception', async () => {
  const seen: unknown[] = [];
  const failure = new Error('sensor offline');
  const broken = tool({
    name: 'broken',
    description: 'Throws.',
    parameters: z.object({}),
    execute: () => Promise.reject(failure),
  });
  const client = scriptedClient([call('c1', 'broken', ''), wantsTools], ['Sorry.', finished]);

  await new Agent({
    client,
    tools: [broken],
    onToolError: (error, { name, callId }) => seen.push([error, name, callId]),
  }).run('Go');

  expect(seen).toEqual([[failure, 'broken', 'c1']]);
});

test('broken arguments are replayed as an empty object, since some servers parse them', async () => {
  const client = scriptedClient([call('c1', 'get_weather', '{"city":"Par'), wantsTools], ['Sorry.', finished]);

  await new Agent({ client, tools: [weatherTool()] }).run('Go');

  expect(sentLines(client)[1]?.[1]).toBe('call c1 get_weather {}');
});

test.each(['length', 'content_filter'])(
  'a call is not executed when the answer ended with %s',
  async (finishReason) => {
    const asked: string[] = [];
    const client = scriptedClient(
      [call('c1', 'get_weather', '{"city":"Paris"}'), chatUpdate({ finishReason })],
      ['Again.', finished],
    );
    const agent = new Agent({ client, tools: [weatherTool(asked)] });
    const session = agent.createSession();

    const response = await agent.run('Weather?', { session });
    await agent.run('And now?', { session });

    expect(asked).toEqual([]);
    expect(response.status).toBe('incomplete');
    expect(sentLines(client)[1]).toEqual([
      'user: Weather?',
      'call c1 get_weather {"city":"Paris"}',
      'result c1 No result: the run ended before this call was answered.',
      'user: And now?',
    ]);
  },
);

test('a tool that is too slow counts as failed, and its signal is aborted', async () => {
  const signals: AbortSignal[] = [];
  const slow = tool({
    name: 'slow',
    description: 'Never ends.',
    parameters: z.object({}),
    timeoutMs: 5,
    execute: (_input, { signal }) => {
      signals.push(signal);
      return Promise.withResolvers<never>().promise;
    },
  });
  const client = scriptedClient([call('c1', 'slow', '{}'), wantsTools], ['Sorry.', finished]);

  const response = await new Agent({ client, tools: [slow] }).run('Go');

  expect(response.messages[1]?.contents).toMatchObject([{ error: 'tool_timeout' }]);
  expect(signals.map((signal) => signal.aborted)).toEqual([true]);
});

test('what onToolError throws ends the run, also when a tool is too slow', async () => {
  const broken = new Error('logger broken');
  const slow = tool({
    name: 'slow',
    description: 'Never ends.',
    parameters: z.object({}),
    timeoutMs: 5,
    execute: () => Promise.withResolvers<never>().promise,
  });
  const client = scriptedClient([call('c1', 'slow', '{}'), wantsTools]);
  const onToolError = (): never => {
    throw broken;
  };

  const run = new Agent({ client, tools: [slow], onToolError }).run('Go');

  await expect(run).rejects.toBe(broken);
});

test('an async onToolError is awaited, and its rejection ends the run', async () => {
  const broken = new Error('logger broken');
  const failing = tool({ name: 'fail', description: 'Fails.', execute: () => Promise.reject(new Error('no')) });
  const client = scriptedClient([call('c1', 'fail', '{}'), wantsTools], ['Sorry.', finished]);

  const run = new Agent({ client, tools: [failing], onToolError: () => Promise.reject(broken) }).run('Go');

  await expect(run).rejects.toBe(broken);
});
