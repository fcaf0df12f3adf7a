import { expect, expectTypeOf, test } from 'vitest';
import { Agent, type ChatClient, type RunOptions } from '../../src/index.ts';
import { finished, scriptedClient } from '../scripted-client.ts';

interface Parameters {
  readonly temperature?: number | undefined;
  readonly effort?: 'low' | 'high';
}

test('what a run says about the call wins over what its agent says, member by member', async () => {
  const client = scriptedClient(['Hi', finished], ['Hi', finished]);
  const typed: ChatClient<Parameters> = client;
  const agent = new Agent({
    client: typed,
    model: 'large',
    parameters: { temperature: 1, effort: 'low' },
    headers: { 'X-Team': 'a', 'x-trace': '1' },
  });

  await agent.run('Hello', { model: 'small', parameters: { effort: 'high' }, headers: { 'x-team': 'b' } });
  await agent.run('Hello');

  expect(client.requests.map(({ settings }) => settings)).toEqual([
    {
      model: 'small',
      parameters: { temperature: 1, effort: 'high' },
      headers: { 'x-trace': '1', 'x-team': 'b' },
    },
    {
      model: 'large',
      parameters: { temperature: 1, effort: 'low' },
      headers: { 'X-Team': 'a', 'x-trace': '1' },
    },
  ]);
});

test('a run that says nothing about the call sends no settings', async () => {
  const client = scriptedClient(['Hi', finished]);

  await new Agent({ client }).run('Hello');

  expect(client.requests[0]?.settings).toEqual({});
});

test('the client decides which parameters there are', () => {
  const client = scriptedClient() as ChatClient<Parameters>;
  const agent = new Agent({ client });

  expectTypeOf(agent).toEqualTypeOf<Agent<Parameters>>();
  expectTypeOf<RunOptions<never, Parameters>['parameters']>().toEqualTypeOf<Parameters | undefined>();
  expectTypeOf(agent).toExtend<Agent>();
  // @ts-expect-error: the client of the agent has no such parameter
  const misspelled = (): unknown => new Agent({ client, parameters: { temprature: 1 } });
  expectTypeOf(misspelled).toBeFunction();
});
