import { expect, test } from 'vitest';
import { Agent, AgentSession } from '../../src/index.ts';
import { quotedId } from '../../src/seams.ts';
import { finished, scriptedClient, sentTexts } from '../scripted-client.ts';

const stored = { type: 'agent_session', version: 1, sessionId: 's1', serviceSessionId: null, state: {} };

test('a session created once carries the conversation from turn to turn', async () => {
  const client = scriptedClient(['A language.', finished], ['1991', finished], ['Yes', finished]);
  const agent = new Agent({ client });
  const session = agent.createSession();

  await agent.run('What is Python?', { session });
  await agent.runStreaming('How old is it?', { session }).finalResponse();
  await agent.run('Sure?', { session });

  expect(sentTexts(client)).toEqual([
    ['What is Python?'],
    ['What is Python?', 'A language.', 'How old is it?'],
    ['What is Python?', 'A language.', 'How old is it?', '1991', 'Sure?'],
  ]);
});

test('runs without a session and runs on two sessions share nothing', async () => {
  const client = scriptedClient(['ok', finished], ['ok', finished], ['none', finished], ['none', finished]);
  const agent = new Agent({ client });
  const [first, second] = [agent.createSession(), agent.createSession()];

  await agent.run('The word is plum.', { session: first });
  await agent.run('Hello', { session: second });
  await agent.run('Which word?', { session: second });
  await agent.run('Which word?');

  expect(sentTexts(client).slice(1)).toEqual([['Hello'], ['Hello', 'ok', 'Which word?'], ['Which word?']]);
});

test('two agents on one session share its messages and not their instructions', async () => {
  const client = scriptedClient(['A language.', finished], ['1991', finished]);
  const guide = new Agent({ client, instructions: 'Guide.' });
  const historian = new Agent({ client, instructions: 'Dates only.' });
  const session = guide.createSession();

  await guide.run('What is Python?', { session });
  await historian.run('How old is it?', { session });

  expect(client.requests.map((request) => request.instructions)).toEqual(['Guide.', 'Dates only.']);
  expect(client.requests[1]?.messages).toHaveLength(3);
  expect(JSON.stringify(session)).not.toContain('Guide.');
});

test('a session in JSON, restored in a fresh agent, goes on where it stopped', async () => {
  const client = scriptedClient(['A language.', finished], ['1991', finished]);
  const agent = new Agent({ client });
  const session = agent.createSession({ sessionId: 's1' });
  await agent.run('What is Python?', { session });

  const restored = AgentSession.fromJSON(JSON.parse(JSON.stringify(session)));
  await new Agent({ client }).run('How old is it?', { session: restored });

  expect(restored.sessionId).toBe('s1');
  expect(sentTexts(client)[1]).toEqual(['What is Python?', 'A language.', 'How old is it?']);
});

test('toJSON is a copy: later turns do not change it', async () => {
  const client = scriptedClient(['A', finished], ['B', finished]);
  const agent = new Agent({ client });
  const session = agent.createSession({ sessionId: 's1' });
  await agent.run('First', { session });

  const json = session.toJSON();
  await agent.run('Second', { session });

  expect(json.state).toEqual({
    history: {
      turns: [
        [
          { role: 'user', contents: 'First' },
          { role: 'assistant', contents: 'A' },
        ],
      ],
    },
  });
});

test('a session without an id gets one, and keeps it', () => {
  const session = new AgentSession();

  const { sessionId } = session;

  expect(sessionId).toMatch(/^[0-9a-f-]{36}$/);
  expect(session.sessionId).toBe(sessionId);
  expect(new AgentSession().sessionId).not.toBe(sessionId);
});

test.each([
  ['a string', '"{}"', 'it is a string, not an object'],
  ['null', 'null', 'it is null'],
  ['a list', '[]', 'it is a list'],
  ['a missing member', JSON.stringify({ ...stored, state: undefined }), '"state" is missing'],
  ['an unknown member', JSON.stringify({ ...stored, admin: true }), 'unknown member "admin"'],
  ['a __proto__ member', `{"__proto__":{"x":1},${JSON.stringify(stored).slice(1)}`, 'unknown member "__proto__"'],
  [
    'another type',
    JSON.stringify({ ...stored, type: 'session' }),
    '"type" is not one this library reads (agent_session)',
  ],
  ['a newer version', JSON.stringify({ ...stored, version: 2 }), '"version" is not one this library reads (1)'],
  ['a number as id', JSON.stringify({ ...stored, sessionId: 7 }), '"sessionId" is a number'],
  ['an empty id', JSON.stringify({ ...stored, sessionId: '' }), '"sessionId" is empty'],
  ['a list as state', JSON.stringify({ ...stored, state: [] }), '"state" is a list'],
  [
    'a number as the id at the service',
    JSON.stringify({ ...stored, serviceSessionId: 7 }),
    '"serviceSessionId" is a number',
  ],
  ['an empty id at the service', JSON.stringify({ ...stored, serviceSessionId: '' }), '"serviceSessionId" is empty'],
])('fromJSON refuses %s', (_what, json, problem) => {
  const restore = (): AgentSession => AgentSession.fromJSON(JSON.parse(json));

  expect(restore).toThrow(problem);
  expect(restore).toThrow(expect.objectContaining({ code: 'session_invalid' }));
});

test('fromJSON takes a __proto__ key in the state as data', () => {
  const json: unknown = JSON.parse(
    `{"type":"agent_session","version":1,"sessionId":"s","serviceSessionId":null,"state":{"a":{"__proto__":{"admin":true}}}}`,
  );

  const session = AgentSession.fromJSON(json);

  expect(JSON.stringify(session.state)).toBe('{"a":{"__proto__":{"admin":true}}}');
  expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false);
  expect((session.state['a'] as { admin?: boolean }).admin).toBeUndefined();
});

test('fromJSON refuses state that nests too deeply', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(100)}${']'.repeat(100)}`);

  const restore = (): AgentSession => AgentSession.fromJSON({ ...stored, state: { deep } });

  expect(restore).toThrow(/^Not a stored session: state\.deep(\[0\])+ is nested deeper than 64 levels\./);
  expect(restore).toThrow(expect.objectContaining({ code: 'session_invalid' }));
});

test('an id that is not a string is refused when the session is created', () => {
  const make = (): AgentSession => new AgentSession({ sessionId: 7 as unknown as string });

  expect(make).toThrow('"sessionId" is a number, not a string.');
});

test.each([
  [99, '99 times x and no more'],
  [100, '100 times x and no more'],
  [101, 'the first 100, and that there is more'],
])('an id of %i characters is shown in errors as %s', (length) => {
  const id = 'x'.repeat(length);

  expect(quotedId(id)).toBe(length > 100 ? `"${'x'.repeat(100)}…"` : `"${id}"`);
});

test('toJSON names the member of the state that JSON cannot hold', () => {
  const session = new AgentSession();
  session.state['when'] = new Date(0);

  expect(() => session.toJSON()).toThrow('session.state.when is a class instance, which JSON cannot hold.');
});

test.each([
  ['turns that are not a list', { turns: 'none' }, '"state.history.turns" is a string, not a list'],
  ['a turn that is not a list', { turns: [{}] }, '"state.history.turns[0]" is an object, not a list'],
  ['a message without a role', { turns: [[{ contents: 'x' }]] }, '"state.history.turns[0][0].role" is missing'],
  ['contents that are a number', { turns: [[{ role: 'user', contents: 5 }]] }, 'turns[0][0].contents" is a number'],
  ['a text content without text', { turns: [[{ role: 'user', contents: [{ type: 'text' }] }]] }, 'contents[0].text'],
])('%s in the stored history fail the run before anything is sent', async (_what, history, problem) => {
  const client = scriptedClient();
  const session = AgentSession.fromJSON({ ...stored, state: { history } });

  const run = new Agent({ client }).run('Hello', { session });

  await expect(run).rejects.toMatchObject({ code: 'history_corrupt', message: expect.stringContaining(problem) });
  expect(client.requests).toEqual([]);
});
