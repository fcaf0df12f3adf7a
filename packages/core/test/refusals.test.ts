// What an agent refuses before anything is sent: the code, and the remedy in the message.
import { expect, test } from 'vitest';
import * as z from 'zod';
import { Agent, AgentSession, type History, MemoryHistory, tool } from '../src/index.ts';
import { historyConflict } from '../src/seams.ts';
import { scriptedBackground } from './scripted-background.ts';
import { finished, scriptedClient } from './scripted-client.ts';

const refusal = (code: string, message: string): object => expect.objectContaining({ code, message });
const parameters = z.object({});

test("history: 'service' is refused where the service keeps nothing, and 'keep' where our side keeps nothing", async () => {
  const { serviceHistory: _left, ...client } = scriptedClient();
  const keep = refusal(
    'config_invalid',
    "onIncomplete: 'keep' needs a history on our side; the service keeps whole answers only.",
  );
  const agent = new Agent({ client: scriptedClient(), history: 'service' });

  const make = (): Agent => new Agent({ client, history: 'service' });
  const makeKeep = (): Agent => new Agent({ client: scriptedClient(), history: 'service', onIncomplete: 'keep' });
  const runKeep = (): unknown => agent.runStreaming('Hello', { onIncomplete: 'keep' });

  expect(make).toThrow(
    refusal(
      'config_invalid',
      "history: 'service' needs a client whose service keeps conversations, such as OpenAIResponsesClient.",
    ),
  );
  expect(makeKeep).toThrow(keep);
  expect(runKeep).toThrow(keep);
});

test('an agent says whether it works in the background, and refuses when it does not', async () => {
  const agents = [new Agent({ client: scriptedBackground() }), new Agent({ client: scriptedClient() })];

  const start = agents[1]!.runInBackground('Hello');

  expect(agents.map((agent) => agent.worksInBackground)).toEqual([true, false]);
  await expect(start).rejects.toMatchObject({
    code: 'background_unsupported',
    message: 'This client cannot work in the background. Use one that can, such as OpenAIResponsesClient.',
  });
});

test('a background run is resumed with the session it was started with and no other', async () => {
  const agent = new Agent({ client: scriptedBackground({ looks: ['queued'] }, { looks: ['queued'] }) });
  const bound = (await agent.runInBackground('Hello', { session: new AgentSession({ sessionId: 's1' }) })).toJSON();
  const unbound = (await agent.runInBackground('Hello')).toJSON();

  const without = (): unknown => agent.resumeBackground(bound);
  const withAnother = (): unknown =>
    agent.resumeBackground(unbound, { session: new AgentSession({ sessionId: 's2' }) });

  expect(without).toThrow(refusal('history_mismatch', 'The run belongs to session s1, but none was given.'));
  expect(withAnother).toThrow(refusal('history_mismatch', 'The run belongs to no session, but s2 was given.'));
});

test('a session that holds its messages is refused by an agent that keeps them elsewhere', async () => {
  const session = new AgentSession({ sessionId: 's1' });
  await new Agent({ client: scriptedClient(['Hi', finished]) }).run('Hello', { session });

  const run = (history: History): Promise<unknown> =>
    new Agent({ client: scriptedClient(), history }).run('And?', { session });

  const holds = 'Session s1 holds its messages itself, and this agent';
  await expect(run('service')).rejects.toThrow(
    refusal('history_mismatch', `${holds} leaves history to the service. Start a new session.`),
  );
  await expect(run(new MemoryHistory())).rejects.toThrow(
    refusal('history_mismatch', `${holds} has a history provider. Start a new session.`),
  );
});

test('a service that names no conversation is an error that says what to look at', async () => {
  const agent = new Agent({ client: scriptedClient(['Hi', finished]), history: 'service' });

  const run = agent.run('Hello', { session: agent.createSession() });

  await expect(run).rejects.toThrow(
    refusal(
      'history_mismatch',
      'The service answered without a conversation id, so the next turn could not go on. Does it store responses?',
    ),
  );
});

test('a history that has moved on says where it is, if that is known', () => {
  expect(historyConflict('s1', 3, 2)).toEqual(
    refusal('history_conflict', 'Session "s1" is at version 3, not 2: it was changed meanwhile. Try again.'),
  );
  expect(historyConflict('s1', null, 2)).toEqual(
    refusal('history_conflict', 'Session "s1" is no longer at version 2: it was changed meanwhile. Try again.'),
  );
});

test('a memory for one conversation is fine, and for none is refused', () => {
  expect(() => new MemoryHistory({ maxSessions: 1 })).not.toThrow();
  expect(() => new MemoryHistory({ maxSessions: 0 })).toThrow(
    refusal('config_invalid', 'maxSessions is 0; it must be a whole number of at least 1.'),
  );
});

test('a tool may take from 1 ms to as long as a timer holds', () => {
  const make = (timeoutMs: number): unknown => tool({ name: 'x', description: '', parameters, timeoutMs });

  expect([make(1), make(2_147_483_647)]).toMatchObject([{ timeoutMs: 1 }, { timeoutMs: 2_147_483_647 }]);
  expect(() => make(2_147_483_648)).toThrow(
    refusal('config_invalid', 'timeoutMs of tool x is 2147483648; it must be between 1 and 2147483647.'),
  );
});

test('a tool is refused for its name and for a schema that checks nothing', () => {
  const bare = { name: 'x', description: '', parameters: { type: 'object' }, execute: () => 1 };

  expect(() => tool({ name: 'a b', description: '', parameters })).toThrow(
    refusal('config_invalid', 'Tool name "a b" must be 1 to 64 letters, digits, _ or -.'),
  );
  expect(() => tool(bare as never)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
});

test('a tool that is only declared needs no consent and takes any arguments', async () => {
  const declared = tool({ name: 'x', description: 'X.', parameters: { type: 'object' } });

  expect(declared).toMatchObject({ approval: 'never', timeoutMs: null, parameters: { type: 'object' } });
  expect(Object.hasOwn(declared, 'execute')).toBe(false);
  expect(await declared.validate({ a: 1 })).toEqual({ value: { a: 1 } });
});
