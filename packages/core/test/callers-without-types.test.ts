// What a caller meets whose editor does not check: a sentence with the value and the remedy, never a TypeError.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Agent, type AgentOptions, type AgentSession, approve, dataContent, tool } from '../src/index.ts';
import { finished, scriptedClient } from './scripted-client.ts';

test.each([{}, { client: {} }])('an agent without a client is config_invalid', (options) => {
  const act = () => new Agent(options as unknown as AgentOptions);

  expect(act).toThrow(
    expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining('client: new') }),
  );
});

test.each<[string, unknown]>([
  ['a string', 'abc'],
  ['an object that is not a session', { sessionId: 'abc' }],
])('a session that is %s is input_invalid, and nothing is sent', async (what, session) => {
  const client = scriptedClient();
  const agent = new Agent({ client });

  const act = agent.run('Hi', { session: session as AgentSession });

  await expect(act).rejects.toMatchObject({
    code: 'input_invalid',
    message: expect.stringContaining(`session is ${what}`),
  });
  expect(client.requests).toEqual([]);
});

test('a schema without JSON Schema names its tool', () => {
  const act = () =>
    tool({ name: 'book', description: 'Books.', parameters: z.object({ at: z.date() }), execute: () => 'ok' });

  expect(act).toThrow(
    expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining('tool book') }),
  );
});

const schemaLess = { type: 'object', properties: {} };

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'The options of new Agent() are undefined'],
  ['a client by name', { client: 'gpt-4.1' }, 'client of new Agent() is "gpt-4.1"'],
  ['tools that are not a list', { tools: tool({ name: 'a', description: 'b' }) }, 'tools of new Agent() is an object'],
  ['a bare function as a tool', { tools: [() => 'ok'] }, 'a list of tools made with tool()'],
  ['instructions in a list', { instructions: ['Be brief.'] }, 'instructions of new Agent() is a list'],
  ['a history by another name', { history: 'memory' }, 'history of new Agent() is "memory"'],
  ['half a history', { history: { load: () => [] } }, "a history provider, a history window, or 'service'"],
  ['an unknown policy', { onIncomplete: 'store' }, `onIncomplete of new Agent() is "store"`],
  ['an onToolError that is not a function', { onToolError: 'log' }, 'onToolError of new Agent() is "log"'],
  ['an unknown limit', { limits: { timeoutMs: 5 } }, 'limits.timeoutMs is not a limit. The limits are: firstUpdateMs,'],
  ['headers as text', { headers: 'x-trace: 1' }, 'headers of new Agent() is "x-trace: 1"'],
])('new Agent() with %s is config_invalid', (_, options, message) => {
  const given = options === undefined ? undefined : { client: scriptedClient(), ...(options as object) };

  const act = () => new Agent(given as AgentOptions);

  expect(act).toThrow(expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining(message) }));
});

test.each<[string, unknown, string]>([
  ['null', null, 'The options of a run are null'],
  ['text', 'be brief', 'The options of a run are a string'],
  ['a controller as the signal', { signal: new AbortController() }, 'an AbortSignal, such as controller.signal'],
  ['tool declarations', { tools: [{ type: 'function', function: { name: 'x' } }] }, 'a list of tools made with tool()'],
  ['an unknown tool choice', { toolChoice: 'always' }, 'toolChoice of a run is "always"'],
  [
    'a tool choice the run does not have',
    { toolChoice: { name: 'now' } },
    'toolChoice is now, and the tools of the run are: none.',
  ],
  ['bare JSON Schema', { output: schemaLess }, 'jsonSchema() from @turnstream/json-schema'],
  ['limits as a number', { limits: 5_000 }, 'limits of a run is a number'],
  ['parameters as text', { parameters: 'temperature=0' }, 'parameters of a run is "temperature=0"'],
])('a run with %s is config_invalid, and nothing is sent', async (_, options, message) => {
  const client = scriptedClient();
  const agent = new Agent({ client });

  const whole = agent.run('Hi', options as object);
  const streamed = () => agent.runStreaming('Hi', options as object);

  const refusal = expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining(message) });
  await expect(whole).rejects.toThrow(refusal);
  expect(streamed).toThrow(refusal);
  expect(client.requests).toEqual([]);
});

test('an option that is null counts as left out, on the agent and on a run', async () => {
  const none = { limits: null, headers: null, parameters: null, model: null, tools: null, middleware: null } as never;
  const client = scriptedClient(['A', finished]);
  const agent = new Agent({ ...(none as object), client, history: null as never, name: null as never });
  const settled = new Agent({ client, headers: { 'x-trace': '1' }, limits: { maxBytes: 1 } });

  await agent.run('Hi', none);
  const run = settled.run('Hi', none);

  await expect(run).rejects.toThrow('unscripted model call');
  expect(client.requests.map(({ settings }) => settings)).toEqual([{}, { headers: { 'x-trace': '1' } }]);
});

test('a long text in the wrong place is not quoted', () => {
  const history = 'a sentence that a person wrote';

  const act = () => new Agent({ client: scriptedClient(), history } as never);

  expect(act).toThrow('history of new Agent() is a string;');
});

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'Tool name undefined'],
  ['no name', { name: undefined }, 'Tool name undefined'],
  ['no description', { description: undefined }, 'description of tool a is undefined'],
  ['parameters that are not a schema', { parameters: 'city' }, 'parameters of tool a is city'],
  ['fields that are not a schema', { parameters: { city: z.string() } }, 'Tool a has a bare JSON Schema'],
  [
    'parameters that are not an object',
    { parameters: z.string() },
    'describe a value of type "string". Models pass an object',
  ],
  [
    'parameters that may be null',
    { parameters: { type: ['object', 'null'] }, execute: undefined },
    'describe a value of type ["object","null"]. Models pass an object',
  ],
  [
    'a union as parameters',
    { parameters: z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]) },
    'describe a union (anyOf). Models pass an object: wrap the value in one.',
  ],
  [
    'a discriminated union as parameters',
    {
      parameters: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('a') }),
        z.object({ kind: z.literal('b') }),
      ]),
    },
    'describe a union (oneOf)',
  ],
  [
    'an intersection as parameters',
    { parameters: { allOf: [{ type: 'object' }] }, execute: undefined },
    'describe an intersection (allOf). Models pass an object: write its parts as one.',
  ],
  [
    'a reference to nothing as parameters',
    { parameters: { type: 'object', $ref: '#/$defs/A', $defs: {} }, execute: undefined },
    'parameters of tool a are a $ref to "#/$defs/A". Models pass an object: write it at the root.',
  ],
  [
    'a reference to itself as parameters',
    {
      parameters: { $ref: '#/$defs/A', $defs: { A: { $ref: '#/$defs/B' }, B: { $ref: '#/$defs/A' } } },
      execute: undefined,
    },
    'parameters of tool a are a $ref to "#/$defs/A"',
  ],
  [
    'a badly encoded reference as parameters',
    { parameters: { $ref: '#/$defs/%FF', $defs: {} }, execute: undefined },
    'parameters of tool a are a $ref to "#/$defs/%FF"',
  ],
  ['an execute that is not a function', { execute: 'run' }, 'execute of tool a is run'],
  ['an unknown approval policy', { approval: 'ask' }, "approval of tool a is ask; it must be 'never' or 'always'"],
  ['a timeout in words', { timeoutMs: '5s' }, 'timeoutMs of tool a is 5s; it must be between 1 and'],
])('a tool with %s is config_invalid', (_, definition, message) => {
  const whole = { name: 'a', description: 'b', execute: () => 'ok' };
  const given = definition === undefined ? undefined : { ...whole, ...(definition as object) };

  const act = () => tool(given as never);

  expect(act).toThrow(expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining(message) }));
});

test('a tool without parameters, or with null for them, takes no arguments', () => {
  const parameters = { type: 'object', properties: {}, additionalProperties: false };

  const tools = [undefined, null].map((none) => tool({ name: 'a', description: 'b', parameters: none as never }));

  expect(tools).toMatchObject([{ parameters }, { parameters }]);
});

test('a bare session id, text as bytes and an approval of nothing are refused with what to pass instead', () => {
  const agent = new Agent({ client: scriptedClient() });

  const acts = [
    () => agent.createSession('abc' as never),
    () => dataContent('abc' as never, 'image/png'),
    () => dataContent(new Uint8Array([1]), undefined as never),
    () => approve(undefined as never),
  ];

  const refusals = acts.map((act) => {
    try {
      return act();
    } catch (error) {
      return error;
    }
  });
  expect(refusals).toMatchObject([
    {
      code: 'session_invalid',
      message: 'The options of a session are a string. Pass an object such as { sessionId }.',
    },
    { code: 'input_invalid', message: 'The bytes of a content are a string. Pass a Uint8Array or a Buffer.' },
    { code: 'input_invalid', message: 'The media type is undefined. Pass a type such as image/png.' },
    { code: 'input_invalid', message: expect.stringContaining('Pass one of response.approvals.') },
  ]);
});

const seconds = z.codec(z.string(), z.number(), { decode: Number, encode: String });

test('the model is asked for the side of a schema that is read, and the value is what comes out', async () => {
  const client = scriptedClient(['{"n":"20"}', finished]);

  const { value } = await new Agent({ client }).run('How many?', { output: z.object({ n: seconds }) });

  expect(client.requests[0]?.output?.schema).toMatchObject({ properties: { n: { type: 'string' } } });
  expect(value).toEqual({ n: 20 });
});

test('JSON that the model put in a fence is read', async () => {
  const client = scriptedClient(['```json\n{"n":1}\n```', finished]);

  const { value } = await new Agent({ client }).run('?', { output: z.object({ n: z.number() }) });

  expect(value).toEqual({ n: 1 });
});

test('an error of the schema library itself is output_invalid, with its cause', async () => {
  const broken = z.object({
    n: z.string().transform(() => {
      throw new Error('library');
    }),
  });
  const client = scriptedClient(['{"n":"1"}', finished]);

  const act = new Agent({ client }).run('?', { output: broken });

  await expect(act).rejects.toMatchObject({ code: 'output_invalid', cause: { message: 'library' } });
});
