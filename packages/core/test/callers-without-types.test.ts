// What a caller meets whose editor does not check: a sentence with the value and the remedy, never a TypeError.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Agent, type AgentOptions, type AgentSession, tool } from '../src/index.ts';
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

test('a tool without a name is config_invalid', () => {
  const act = () => tool({ description: 'x', execute: () => 'ok' } as never);

  expect(act).toThrow(expect.objectContaining({ code: 'config_invalid' }));
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
