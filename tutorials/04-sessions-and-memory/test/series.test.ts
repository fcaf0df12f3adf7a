// The series' tests of this chapter under their own names, with a scripted model and exact expectations.
import { existsSync } from 'node:fs';
import { chatClientFromEnv, hasRealModel } from '@turnstream/config';
import { AgentSession } from '@turnstream/core';
import { mockModel, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { askAndSave, loadOrNew } from '../session-file.ts';
import { statefulAgent } from '../stateful-agent.ts';
import { bothApis, responsesAt } from './both-apis.ts';
import { freshFolder } from './folder.ts';

const FACT = 'Remember: my favorite color is teal.';
const FOLLOW_UP = 'What color did I tell you I liked? Answer with the color only.';

test('test_session_roundtrip_preserves_session_id', () => {
  const original = new AgentSession({ sessionId: 'sess-42' });
  original.state['foo'] = 'bar';

  const rehydrated = AgentSession.fromJSON(JSON.parse(JSON.stringify(original)));

  expect(rehydrated.sessionId).toBe('sess-42');
});

test('test_session_to_dict_is_json_serialisable', () => {
  const session = new AgentSession({ sessionId: 'sess-42' });
  session.state['hello'] = 'world';

  const json = JSON.stringify(session);

  expect(json).toBe(
    '{"type":"agent_session","version":1,"sessionId":"sess-42","serviceSessionId":null,"state":{"hello":"world"}}',
  );
});

test('test_session_state_is_roundtrip_safe', () => {
  const original = new AgentSession();
  Object.assign(original.state, { a: 1, b: [1, 2, 3], c: { nested: true } });

  const rehydrated = AgentSession.fromJSON(JSON.parse(JSON.stringify(original)));

  expect(rehydrated.state).toEqual({ a: 1, b: [1, 2, 3], c: { nested: true } });
});

test('test_fresh_session_has_new_id', () => {
  const [first, second] = [new AgentSession(), new AgentSession()];

  expect(first.sessionId).not.toBe(second.sessionId);
});

for (const name of [
  'test_session_persists_across_fresh_agent_instances',
  'Session_Persists_Across_Fresh_Agent_Instances',
]) {
  test.each(bothApis)(`${name}, with a scripted model over %s`, async (_, clientFor) => {
    using model = mockModel(reply('Noted.'), reply('Teal'));
    using folder = freshFolder();
    const file = folder.file('session.json');

    await askAndSave(statefulAgent(clientFor(model.baseURL)), FACT, file);
    const answer = await askAndSave(statefulAgent(clientFor(model.baseURL)), FOLLOW_UP, file);

    expect(answer).toBe('Teal');
    expect(model.requests[1]!.texts).toEqual([FACT, 'Noted.', FOLLOW_UP]);
  });

  test.skipIf(!hasRealModel())(`${name} (real LLM)`, { tags: ['real-model'] }, async () => {
    await using model = await chatClientFromEnv();
    using folder = freshFolder();
    const file = folder.file('session.json');

    await askAndSave(statefulAgent(model.client), FACT, file);
    const answer = await askAndSave(statefulAgent(model.client), FOLLOW_UP, file);

    expect(answer.toLowerCase()).toContain('teal');
  });
}

test('Missing_Session_File_Starts_A_Fresh_Conversation', async () => {
  using model = mockModel(reply('hi'));
  using folder = freshFolder();
  const file = folder.file('never-written.json');

  const answer = await askAndSave(statefulAgent(responsesAt(model.baseURL)), "Hello! Respond with just 'hi'.", file);

  expect(answer).toBe('hi');
  expect(model.requests[0]!.texts).toEqual(["Hello! Respond with just 'hi'."]);
  expect(existsSync(file)).toBe(true);
});

test('LoadOrNew_Returns_Fresh_Session_When_File_Missing', async () => {
  using folder = freshFolder();
  const agent = statefulAgent(responsesAt('http://model.test/v1'));

  const session = await loadOrNew(agent, folder.file('missing.json'));

  expect(session.toJSON()).toMatchObject({ serviceSessionId: null, state: {} });
});
