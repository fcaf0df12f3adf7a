import { expect, expectTypeOf, test } from 'vitest';
import * as z from 'zod';
import { Agent, type AgentResponseUpdate, type Tool, tool } from '../../src/index.ts';
import { chatUpdate } from '../../src/seams.ts';
import { call, finished, scriptedClient, sentTexts, wantsTools } from '../scripted-client.ts';

const city = z.object({ city: z.string() });

/** A weather tool that notes what it was asked. */
function weatherTool(asked: string[] = []): Tool<{ city: string }> {
  return tool({
    name: 'get_weather',
    description: 'The weather of a city.',
    parameters: city,
    execute: (input) => {
      asked.push(input.city);
      return `Sunny in ${input.city}`;
    },
  });
}

/** What each model call was sent, as short lines. */
function sentLines(client: ReturnType<typeof scriptedClient>): string[][] {
  return client.requests.map((request) =>
    request.messages.flatMap((message) =>
      typeof message.contents === 'string'
        ? [`${message.role}: ${message.contents}`]
        : message.contents.map((content) => {
            if (content.type === 'function_call') return `call ${content.callId} ${content.name} ${content.arguments}`;
            if (content.type === 'function_result') return `result ${content.callId} ${content.result}`;
            return `${message.role}: ${'text' in content ? content.text : content.type}`;
          }),
    ),
  );
}

test('the model calls a tool, reads its result and answers; the turn is one record', async () => {
  const client = scriptedClient([call('c1', 'get_weather', '{"city":"Paris"}'), wantsTools], ['Sunny.', finished]);
  const agent = new Agent({ client, tools: [weatherTool()] });
  const session = agent.createSession();

  const response = await agent.run('Weather in Paris?', { session });

  expect(response.text).toBe('Sunny.');
  expect(response.messages.map((message) => message.role)).toEqual(['assistant', 'tool', 'assistant']);
  expect(sentLines(client)).toEqual([
    ['user: Weather in Paris?'],
    ['user: Weather in Paris?', 'call c1 get_weather {"city":"Paris"}', 'result c1 Sunny in Paris'],
  ]);
  expect(session.state['history']).toEqual({
    turns: [[{ role: 'user', contents: 'Weather in Paris?' }, ...response.messages]],
  });
});

test('the model gets the tools, with the choice auto', async () => {
  const client = scriptedClient(['Hi', finished]);
  const agent = new Agent({ client, tools: [weatherTool()] });

  await agent.run('Hello');

  expect(client.requests[0]?.toolChoice).toBe('auto');
  expect(client.requests[0]?.tools).toEqual([
    {
      name: 'get_weather',
      description: 'The weather of a city.',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  ]);
});

test('streaming shows call, result and text in order, and the texts still join to the answer', async () => {
  const client = scriptedClient(
    ['Let me look.', call('c1', 'get_weather', '{"city":'), call('c1', '', '"Paris"}'), wantsTools],
    ['Sunny.', finished],
  );
  const stream = new Agent({ client, name: 'guide', tools: [weatherTool()] }).runStreaming('Weather?');

  const updates: AgentResponseUpdate[] = [];
  for await (const update of stream) updates.push(update);

  expect(updates.map((update) => update.contents[0]?.type ?? update.finishReason)).toEqual([
    'text',
    'function_call',
    'function_call',
    'tool_calls',
    'function_result',
    'text',
    'stop',
  ]);
  expect(updates.map((update) => update.authorName)).toEqual(Array(7).fill('guide'));
  const response = await stream.finalResponse();
  expect(response.text).toBe(updates.map((update) => update.text).join(''));
  expect(response.messages[0]?.contents).toEqual([
    { type: 'text', text: 'Let me look.' },
    { type: 'function_call', callId: 'c1', name: 'get_weather', arguments: '{"city":"Paris"}' },
  ]);
});

test('interleaved fragments of parallel calls are joined by call id; late names are accepted', async () => {
  const asked: string[] = [];
  const client = scriptedClient(
    [
      call('a', 'get_weather', '{"city":'),
      call('b', '', '{"city":'),
      call('a', '', '"Oslo"}'),
      call('b', 'get_weather', '"Lima"}'),
      wantsTools,
    ],
    ['Done.', finished],
  );
  const agent = new Agent({ client, tools: [weatherTool(asked)] });

  await agent.run('Weather in both?');

  expect(asked).toEqual(['Oslo', 'Lima']);
});

test('calls of one round run at the same time, and results come in call order', async () => {
  const gates = new Map([
    ['slow', Promise.withResolvers<string>()],
    ['fast', Promise.withResolvers<string>()],
  ]);
  const started: string[] = [];
  const wait = tool({
    name: 'wait',
    description: 'Waits.',
    parameters: z.object({ id: z.string() }),
    execute: ({ id }) => {
      started.push(id);
      if (started.length === 2) {
        gates.get('fast')?.resolve('fast done');
        gates.get('slow')?.resolve('slow done');
      }
      return gates.get(id)?.promise;
    },
  });
  const client = scriptedClient(
    [call('1', 'wait', '{"id":"slow"}'), call('2', 'wait', '{"id":"fast"}'), wantsTools],
    ['ok', finished],
  );

  await new Agent({ client, tools: [wait] }).run('Go');

  expect(sentLines(client)[1]?.slice(-2)).toEqual(['result 1 slow done', 'result 2 fast done']);
});

test('usage is summed over the model calls', async () => {
  const usage = { inputTokens: 10, outputTokens: 1, totalTokens: 11 };
  const client = scriptedClient(
    [call('c1', 'get_weather', '{"city":"Paris"}'), chatUpdate({ finishReason: 'tool_calls', usage })],
    ['Sunny.', chatUpdate({ finishReason: 'stop', usage })],
  );

  const response = await new Agent({ client, tools: [weatherTool()] }).run('Weather?');

  expect(response.usage).toEqual({ inputTokens: 20, outputTokens: 2, totalTokens: 22 });
});

test.each([
  ['an unknown tool', 'get_tides', '{}', 'unknown_tool', 'Error: Requested function "get_tides" not found.'],
  [
    'arguments cut in the middle',
    'get_weather',
    '{"city":"Par',
    'invalid_arguments',
    'Error: Argument parsing failed.',
  ],
  ['arguments that are no object', 'get_weather', '["Paris"]', 'invalid_arguments', 'Error: Argument parsing failed.'],
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

test('an answer after tools is read as the assistant, also from a client that names no role', async () => {
  const unnamed = chatUpdate({ contents: [{ type: 'text', text: 'Sunny.' }] });
  const client = scriptedClient([call('c1', 'get_weather', '{"city":"Paris"}'), wantsTools], [unnamed, finished]);

  const response = await new Agent({ client, tools: [weatherTool()] }).run('Weather?');

  expect(response.text).toBe('Sunny.');
  expect(response.messages.map((message) => message.role)).toEqual(['assistant', 'tool', 'assistant']);
});

test("a run that is aborted aborts its tools, with the caller's reason", async () => {
  const running = Promise.withResolvers<AbortSignal>();
  const hang = tool({
    name: 'hang',
    description: 'Waits for the signal.',
    parameters: z.object({}),
    execute: (_input, { signal }) => {
      running.resolve(signal);
      return Promise.withResolvers<never>().promise;
    },
  });
  const client = scriptedClient([call('c1', 'hang', '{}'), wantsTools], ['never', finished]);
  const stop = new AbortController();
  const run = new Agent({ client, tools: [hang] }).run('Go', { signal: stop.signal });
  const toolSignal = await running.promise;
  const reason = new Error('stop');

  stop.abort(reason);

  await expect(run).rejects.toBe(reason);
  expect(toolSignal.reason).toBe(reason);
  expect(client.requests).toHaveLength(1);
});

test('a tool knows the session and the call it runs for', async () => {
  const seen: unknown[] = [];
  const who = tool({
    name: 'who',
    description: 'Notes its context.',
    parameters: z.object({}),
    execute: (_input, { session, callId }) => seen.push(session?.sessionId, callId),
  });
  const client = scriptedClient([call('c1', 'who', '{}'), wantsTools], ['ok', finished]);
  const agent = new Agent({ client, tools: [who] });

  await agent.run('Go', { session: agent.createSession({ sessionId: 's1' }) });

  expect(seen).toEqual(['s1', 'c1']);
});

test.each([
  ['a string as it is', 'plain', 'plain'],
  ['an object as JSON', { degrees: 21 }, '{"degrees":21}'],
  ['nothing as no text', undefined, ''],
  ['zero as 0', 0, '0'],
])('a tool may return %s', async (_what, value, result) => {
  const give = tool({ name: 'give', description: 'Gives.', parameters: z.object({}), execute: () => value });
  const client = scriptedClient([call('c1', 'give', '{}'), wantsTools], ['ok', finished]);

  await new Agent({ client, tools: [give] }).run('Go');

  expect(sentLines(client)[1]?.at(-1)).toBe(`result c1 ${result}`);
});

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

test("a run's tools join the agent's; two different tools of one name are refused", async () => {
  const weather = weatherTool();
  const client = scriptedClient(['Hi', finished]);
  const agent = new Agent({ client, tools: [weather] });

  await agent.run('Go', { tools: [weather, tool({ name: 'other', description: '', parameters: city })] });
  const clash = agent.run('Go', { tools: [weatherTool()] });

  expect(client.requests[0]?.tools?.map((each) => each.name)).toEqual(['get_weather', 'other']);
  await expect(clash).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('"get_weather"'),
  });
});

test('with history at the service the next model call brings only the results, on the newest id', async () => {
  const client = scriptedClient(
    [
      call('c1', 'get_weather', '{"city":"Paris"}'),
      chatUpdate({ finishReason: 'tool_calls', conversationId: 'resp_1' }),
    ],
    ['Sunny.', chatUpdate({ finishReason: 'stop', conversationId: 'resp_2' })],
  );
  const agent = new Agent({ client, history: 'service', tools: [weatherTool()] });
  const session = agent.createSession();

  await agent.run('Weather?', { session });

  expect(sentLines(client)).toEqual([['user: Weather?'], ['result c1 Sunny in Paris']]);
  expect(client.requests.map((request) => request.conversation)).toEqual([{ id: null }, { id: 'resp_1' }]);
  expect(session.serviceSessionId).toBe('resp_2');
});

test('a tool loop that fails half-way leaves the service id where it was', async () => {
  const client = scriptedClient(
    [
      call('c1', 'get_weather', '{"city":"Paris"}'),
      chatUpdate({ finishReason: 'tool_calls', conversationId: 'resp_2' }),
    ],
    [new Error('gone')],
  );
  const agent = new Agent({ client, history: 'service', tools: [weatherTool()] });
  const session = agent.createSession({ serviceSessionId: 'resp_1' });

  await agent.run('Weather?', { session }).catch(() => {});

  expect(session.serviceSessionId).toBe('resp_1');
});

test('a turn that is interrupted while its tool runs leaves no call without a result', async () => {
  const running = Promise.withResolvers<void>();
  const hang = tool({
    name: 'hang',
    description: 'Hangs.',
    parameters: z.object({}),
    execute: () => {
      running.resolve();
      return Promise.withResolvers<never>().promise;
    },
  });
  const client = scriptedClient(['Wait.', call('c1', 'hang', '{}'), wantsTools], ['Back.', finished]);
  const agent = new Agent({ client, tools: [hang], onIncomplete: 'keep' });
  const session = agent.createSession();
  const stop = new AbortController();
  const run = agent.run('Go', { session, signal: stop.signal }).catch(() => {});
  await running.promise;

  stop.abort();
  await run;
  await agent.run('And?', { session });

  expect(sentLines(client)[1]).toEqual([
    'user: Go',
    'assistant: Wait.\n[This answer was interrupted here.]',
    'call c1 hang {}',
    'result c1 No result: the run ended before this call was answered.',
    'user: And?',
  ]);
});

test('break in the middle of a call closes the model connection and runs nothing', async () => {
  const asked: string[] = [];
  const client = scriptedClient([call('c1', 'get_weather', '{"city":"Par'), call('c1', '', 'is"}'), wantsTools]);

  for await (const _update of new Agent({ client, tools: [weatherTool(asked)] }).runStreaming('Go')) break;

  expect(client.closedEarly).toBe(1);
  expect(asked).toEqual([]);
});

test('execute is typed from the schema', () => {
  const typed = tool({ name: 'typed', description: '', parameters: city, execute: (input) => input.city });

  expectTypeOf(typed).toEqualTypeOf<Tool<{ city: string }>>();
  expect(sentTexts(scriptedClient())).toEqual([]);
});

test.each([
  ['a name with a blank', { name: 'get weather', description: '', parameters: city }, 'Tool name "get weather"'],
  [
    'a timeout that no timer holds',
    { name: 'x', description: '', parameters: city, timeoutMs: Number.POSITIVE_INFINITY },
    'timeoutMs of tool x is Infinity',
  ],
  ['a timeout of 0', { name: 'x', description: '', parameters: city, timeoutMs: 0 }, 'timeoutMs of tool x is 0'],
  ['a timeout of 0.5', { name: 'x', description: '', parameters: city, timeoutMs: 0.5 }, 'timeoutMs of tool x is 0.5'],
  [
    'bare JSON Schema with something to run',
    { name: 'x', description: '', parameters: { type: 'object' }, execute: () => 1 },
    'jsonSchema()',
  ],
])('tool() refuses %s', (_what, definition, problem) => {
  const make = (): unknown => tool(definition as never);

  expect(make).toThrow(problem);
});
