import { expect, test } from 'vitest';
import { Agent, AgentSession, dataContent, tool } from '../../src/index.ts';
import { call, finished, scriptedClient, wantsTools } from '../scripted-client.ts';

/** What the model reads of a tool that returns this, and what `onToolError` hears. */
async function resultOf(
  execute: () => unknown,
): Promise<{ readonly read: object; readonly errors: readonly string[] }> {
  const client = scriptedClient([call('c1', 'look', '{}'), wantsTools], ['Done.', finished]);
  const errors: string[] = [];
  const onToolError = (error: unknown): void => void errors.push(String(error));
  const look = tool({ name: 'look', description: 'Looks.', execute });
  await new Agent({ client, tools: [look], onToolError }).run('Go');
  const { contents } = client.requests[1]!.messages.at(-1)!;
  return { read: (contents as object[])[0]!, errors };
}

const result = (text: string, more: object = {}) => ({ type: 'function_result', callId: 'c1', result: text, ...more });

test.each<[string, () => unknown, string]>([
  ['text', () => 'sunny', 'sunny'],
  ['data', () => ({ celsius: 20 }), '{"celsius":20}'],
  ['nothing', () => undefined, ''],
  ['an empty object', () => ({}), '{}'],
  ['a date', () => new Date(0), '"1970-01-01T00:00:00.000Z"'],
  ['an object with its own toJSON', () => ({ city: { toJSON: () => ({}) } }), '{"city":{}}'],
  ['a boxed number', () => new Number(5), '5'],
  [
    'a row with an instance without members',
    () => ({
      rows: [
        {
          wait: new (class Interval {
            days = undefined;
          })(),
        },
      ],
    }),
    '{"rows":[{"wait":{}}]}',
  ],
  ['a row with empty bytes', () => ({ rows: [{ bytes: new Uint8Array() }] }), '{"rows":[{"bytes":{}}]}'],
  ['data with a member that has no name', () => ({ '': () => 'sunny' }), '{}'],
  [
    'an async generator: its last yield',
    async function* () {
      yield { status: 'loading' };
      yield { celsius: 20 };
    },
    '{"celsius":20}',
  ],
  [
    'an async generator: its return value',
    async function* () {
      yield 'loading';
      return 'sunny';
    },
    'sunny',
  ],
])('a tool may return %s', async (_, execute, read) => {
  expect(await resultOf(execute)).toEqual({ read: result(read), errors: [] });
});

test.each<[string, () => unknown]>([
  ['Map', () => new Map([['celsius', 20]])],
  ['Error', () => new Error('no')],
  ['Response', () => new Response('hi')],
  ['function', () => () => 'sunny'],
  ['symbol', () => Symbol('sunny')],
  [
    'Weather instance without a value',
    () =>
      new (class Weather {
        celsius = undefined;
        inWords = (): string => '';
      })(),
  ],
  ['Set in a member', () => ({ cities: new Set(['Oslo']) })],
  ['Promise that was not awaited in a list', () => [{ celsius: Promise.resolve(20) }]],
  [
    'Generator',
    function* () {
      yield 1;
    },
  ],
])('a %s, of which JSON keeps nothing, is a failed call that onToolError hears of', async (_, execute) => {
  const { read, errors } = await resultOf(execute);

  expect(read).toMatchObject({ error: 'tool_failed' });
  expect(errors).toEqual([expect.stringContaining('of which JSON keeps nothing')]);
});

test('an image is a result, alone or next to words', async () => {
  const image = dataContent(new Uint8Array([1]), 'image/png');
  const words = { type: 'text', text: 'A dot.' } as const;

  expect(await resultOf(() => image)).toEqual({ read: result('', { items: [image] }), errors: [] });
  expect(await resultOf(() => [words, image])).toEqual({
    read: result('A dot.', { items: [words, image] }),
    errors: [],
  });
});

test('contents of a tool are converted to JSON values, so that the conversation can be stored', async () => {
  const image = dataContent(new Uint8Array([1]), 'image/png');
  const page = { type: 'uri', uri: new URL('https://a.example/dog.png'), mediaType: 'image/png' };
  const client = scriptedClient([call('c1', 'look', '{}'), wantsTools], ['Done.', finished]);
  const look = tool({ name: 'look', description: 'Looks.', execute: () => [page, { ...image, at: new Date(0) }] });
  const agent = new Agent({ client, tools: [look] });
  const session = agent.createSession();

  await agent.run('Go', { session });

  const [turn] = await agent.transcript(AgentSession.fromJSON(JSON.parse(JSON.stringify(session))));
  const items = [
    { ...page, uri: 'https://a.example/dog.png' },
    { ...image, at: '1970-01-01T00:00:00.000Z' },
  ];
  expect(turn?.[2]?.contents).toEqual([result('', { items })]);
});

test.each<[string, unknown]>([
  ['words alone', [{ type: 'text', text: 'A dot.' }]],
  ['an image in a list with other data', [dataContent(new Uint8Array([1]), 'image/png'), 7]],
  ['an image next to a text without words', [dataContent(new Uint8Array([1]), 'image/png'), { type: 'text' }]],
  ['an address without a media type', { type: 'uri', uri: 'https://a.example/dog.png' }],
  ['an address of no type', { uri: 'https://a.example/dog.png', mediaType: 'image/png' }],
  ['an image whose name no history could read again', { ...dataContent(new Uint8Array([1]), 'image/png'), name: null }],
  ['a file without an id', { type: 'hosted_file', uri: 'https://a.example', mediaType: 'image/png' }],
])('%s is data and not a content', async (_, value) => {
  expect(await resultOf(() => value)).toEqual({ read: result(JSON.stringify(value)), errors: [] });
});

test('a tool without parameters is declared without arguments, and runs whatever the model writes', async () => {
  const client = scriptedClient([call('c1', 'now', '{"zone":"UTC"}'), wantsTools], ['Noon.', finished]);
  const inputs: unknown[] = [];
  const now = tool({ name: 'now', description: 'The time.', execute: (input) => void inputs.push(input) });

  await new Agent({ client, tools: [now] }).run('Time?');

  expect(client.requests[0]?.tools).toEqual([
    {
      name: 'now',
      description: 'The time.',
      parameters: { type: 'object', properties: {}, additionalProperties: false },
    },
  ]);
  expect(inputs).toEqual([{}]);
});
