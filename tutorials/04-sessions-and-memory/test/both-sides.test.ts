// One side keeps the history, never both: what each kind sends, and what a session of the other kind gets.
import { AgentSession, MemoryHistory } from '@turnstream/core';
import { mockModel, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { statefulAgent } from '../stateful-agent.ts';
import { chatCompletionsAt, responsesAt } from './both-apis.ts';

test('with a provider the request carries every turn, and asks the service to store none', async () => {
  using model = mockModel(reply('Noted.', { id: 'resp_1' }), reply('Teal.', { id: 'resp_2' }));
  const agent = statefulAgent(responsesAt(model.baseURL), new MemoryHistory());
  const session = agent.createSession();

  await agent.run('My color is teal.', { session });
  await agent.run('Which color?', { session });

  expect(model.requests[1]!.texts).toEqual(['My color is teal.', 'Noted.', 'Which color?']);
  expect(model.requests[1]!.body).toMatchObject({ store: false });
  expect(model.requests[1]!.body).not.toHaveProperty('previous_response_id');
});

test("with 'service' the request carries the question and the id of the turn before, and nothing is stored here", async () => {
  using model = mockModel(reply('Noted.', { id: 'resp_1' }), reply('Teal.', { id: 'resp_2' }));
  const agent = statefulAgent(responsesAt(model.baseURL), 'service');
  const session = agent.createSession();

  await agent.run('My color is teal.', { session });
  await agent.run('Which color?', { session });

  expect(model.requests[1]!.texts).toEqual(['Which color?']);
  expect(model.requests[1]!.body).toMatchObject({ previous_response_id: 'resp_1' });
  expect(session.toJSON()).toMatchObject({ serviceSessionId: 'resp_2', state: {} });
});

test('a session that holds its own turns is refused by an agent that leaves them to the service', async () => {
  using model = mockModel(reply('Noted.'));
  const session = new AgentSession();
  await statefulAgent(responsesAt(model.baseURL)).run('My color is teal.', { session });

  const mixed = statefulAgent(responsesAt(model.baseURL), 'service').run('Which color?', { session });

  await expect(mixed).rejects.toMatchObject({ code: 'history_mismatch' });
  expect(model.requests).toHaveLength(1);
});

test.each([
  ['in the session', undefined],
  ['in a provider', new MemoryHistory()],
])('a session of the service is refused by an agent that keeps history %s', async (_, history) => {
  using model = mockModel(reply('Noted.'));
  const session = new AgentSession();
  await statefulAgent(responsesAt(model.baseURL), 'service').run('My color is teal.', { session });

  const mixed = statefulAgent(responsesAt(model.baseURL), history).run('Which color?', { session });

  await expect(mixed).rejects.toMatchObject({ code: 'history_mismatch' });
  expect(model.requests).toHaveLength(1);
});

test('an agent with service history is refused when its client’s service stores nothing', () => {
  const client = chatCompletionsAt('http://model.test/v1');

  expect(() => statefulAgent(client, 'service')).toThrow(expect.objectContaining({ code: 'config_invalid' }));
});
