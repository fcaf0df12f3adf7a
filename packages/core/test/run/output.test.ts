import { expect, expectTypeOf, test } from 'vitest';
import * as z from 'zod';
import { Agent, tool } from '../../src/index.ts';
import { chatUpdate } from '../../src/seams.ts';
import { call, finished, scriptedClient, wantsTools } from '../scripted-client.ts';

const language = z.object({ name: z.string(), year: z.number() });

test('output gives the answer as a checked and typed value, in both modes', async () => {
  const answer = ['{"name":"Python",', '"year":1991}', finished];
  const client = scriptedClient(answer, answer);
  const agent = new Agent({ client });

  const whole = await agent.run('What is Python?', { output: language });
  const streamed = await agent.runStreaming('What is Python?', { output: language }).finalResponse();

  expectTypeOf(whole.value).toEqualTypeOf<{ name: string; year: number } | undefined>();
  expect(whole.value).toEqual({ name: 'Python', year: 1991 });
  expect(streamed.value).toEqual(whole.value);
  expect(client.requests[0]?.output).toEqual({
    name: 'answer',
    schema: {
      type: 'object',
      properties: { name: { type: 'string' }, year: { type: 'number' } },
      required: ['name', 'year'],
      additionalProperties: false,
    },
  });
});

test.each([
  ['no JSON', 'Python is old', 'The answer is not JSON'],
  ['the wrong shape', '{"name":"Python","year":"old"}', 'schema at year.'],
])(
  'an answer that is %s is refused with its text at hand, and the turn is remembered',
  async (_what, text, problem) => {
    const client = scriptedClient([text, finished]);
    const agent = new Agent({ client });
    const session = agent.createSession();

    const run = agent.run('What is Python?', { session, output: language });

    await expect(run).rejects.toMatchObject({ code: 'output_invalid', partial: { text } });
    await expect(run).rejects.toThrow(problem);
    await expect(run).rejects.not.toThrow('old');
    expect(session.state['history']).toMatchObject({ turns: [[{}, { contents: text }]] });
  },
);

test('an empty answer is output_invalid, also after tools', async () => {
  const look = tool({ name: 'look', description: 'Looks.', execute: () => '1991' });
  const client = scriptedClient([finished], ['Let me look.', call('c1', 'look', '{}'), wantsTools], [finished]);
  const agent = new Agent({ client, tools: [look] });

  const empty = agent.run('What is Python?', { output: language });
  await expect(empty).rejects.toMatchObject({ code: 'output_invalid' });
  const afterTool = agent.run('What is Python?', { output: language });

  await expect(afterTool).rejects.toMatchObject({ code: 'output_invalid', partial: { text: 'Let me look.' } });
});

test('an answer that waits for the caller has no value', async () => {
  const client = scriptedClient([call('c1', 'pay', '{}'), wantsTools]);
  const pay = tool({ name: 'pay', description: 'Pays.', approval: 'always', execute: () => 'paid' });

  const response = await new Agent({ client, tools: [pay] }).run('Pay', { output: language });

  expect(response).toMatchObject({ value: undefined, approvals: [{ name: 'pay' }] });
});

test('a refusal and a cut answer have no value, and are not errors', async () => {
  const client = scriptedClient(
    [chatUpdate({ contents: [{ type: 'refusal', text: 'No.' }] }), finished],
    ['{"name":', chatUpdate({ finishReason: 'length' })],
  );
  const agent = new Agent({ client });

  const refused = await agent.run('Hack it', { output: language });
  const cut = await agent.run('What is Python?', { output: language });

  expect(refused).toMatchObject({ text: 'No.', value: undefined, status: 'completed' });
  expect(cut).toMatchObject({ text: '{"name":', value: undefined, status: 'incomplete' });
});

test('what a schema library quotes of the answer is not in the error', async () => {
  const quoting = {
    '~standard': {
      version: 1,
      vendor: 'quoting',
      validate: (value: unknown) => ({
        issues: [
          { message: `expected a number but received ${JSON.stringify(value)}`, path: ['year'] },
          { message: '' },
        ],
      }),
      jsonSchema: { input: () => ({}), output: () => ({}) },
    },
  } as const;
  const client = scriptedClient(['{"year":"secret"}', finished]);

  const run = new Agent({ client }).run('Go', { output: quoting });

  await expect(run).rejects.toThrow('schema at year, the top.');
  await expect(run).rejects.not.toThrow('secret');
});

test('a schema that throws is output_invalid, with what it threw as the cause', async () => {
  const cause = new Error('out of order');
  const broken = {
    '~standard': {
      version: 1,
      vendor: 'broken',
      validate: (): never => {
        throw cause;
      },
      jsonSchema: { input: () => ({}), output: () => ({}) },
    },
  } as const;

  const run = new Agent({ client: scriptedClient(['{}', finished]) }).run('Go', { output: broken });

  await expect(run).rejects.toMatchObject({
    code: 'output_invalid',
    message: 'The output schema threw an error of its own instead of reporting issues. See cause.',
    cause,
  });
});
