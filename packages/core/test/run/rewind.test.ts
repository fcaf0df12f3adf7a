// Reading the turns of a session, and removing the last of them.
import { expect, test } from 'vitest';
import {
  Agent,
  type AgentError,
  AgentSession,
  type History,
  MemoryHistory,
  MemorySessions,
  type Message,
} from '../../src/index.ts';
import { finished, scriptedClient, sentTexts } from '../scripted-client.ts';

const keepers: readonly (readonly [string, () => History | undefined])[] = [
  ['in the session', () => undefined],
  ['with a provider', () => new MemoryHistory()],
  ['with a provider behind a window', () => ({ provider: new MemoryHistory(), lastTurns: 1, compact: () => [] })],
];

function said(question: string, answer: string): readonly Message[] {
  return [
    { role: 'user', contents: question },
    { role: 'assistant', contents: answer },
  ];
}

function agentWith(
  history: History | undefined,
  client = scriptedClient(['A', finished], ['B', finished], ['C', finished]),
): Agent {
  return new Agent({ client, ...(history === undefined ? {} : { history }) });
}

async function refusalOf(rewinding: Promise<unknown>): Promise<string> {
  return rewinding.then(
    () => 'nothing',
    ({ code, message }: AgentError) => `${code}: ${message}`,
  );
}

test.each(keepers)('the turns of a session %s can be read, and a new one has none', async (_where, keeper) => {
  const agent = agentWith(keeper());
  const session = agent.createSession({ sessionId: 's1' });

  const before = await agent.transcript(session);
  await agent.run('One', { session });
  await agent.run('Two', { session });

  expect(before).toEqual([]);
  expect(await agent.transcript(session)).toEqual([said('One', 'A'), said('Two', 'B')]);
});

test.each(keepers)('%s, the last turn is taken back and its question asked again', async (_where, keeper) => {
  const agent = agentWith(keeper());
  const session = agent.createSession({ sessionId: 's1' });
  await agent.run('One', { session });
  await agent.run('Two', { session });

  const removed = await agent.rewind(session);
  await agent.run(
    removed.flat().filter(({ role }) => role === 'user'),
    { session },
  );

  expect(removed).toEqual([said('Two', 'B')]);
  expect(await agent.transcript(session)).toEqual([said('One', 'A'), said('Two', 'C')]);
});

test('a conversation continues from an earlier turn, and the model does not see what came after it', async () => {
  const client = scriptedClient(['A', finished], ['B', finished], ['C', finished], ['D', finished]);
  const agent = new Agent({ client });
  const session = agent.createSession();
  for (const question of ['One', 'Two', 'Three']) await agent.run(question, { session });

  const removed = await agent.rewind(session, { toTurn: 1 });
  await agent.run('Four', { session });

  expect(removed).toEqual([said('Two', 'B'), said('Three', 'C')]);
  expect(sentTexts(client).at(-1)).toEqual(['One', 'A', 'Four']);
});

test('rewinding to turn 0 empties a session; rewinding to its last turn changes nothing', async () => {
  const agent = agentWith(undefined);
  const session = agent.createSession();
  await agent.run('One', { session });
  const before = session.toJSON();

  const nothing = await agent.rewind(session, { toTurn: 1 });
  const after = session.toJSON();
  const all = await agent.rewind(session, { toTurn: 0 });

  expect([nothing, after]).toEqual([[], before]);
  expect(all).toEqual([said('One', 'A')]);
  expect(await agent.transcript(session)).toEqual([]);
});

test('a turn that does not exist is refused, and the error names the number asked for', async () => {
  const agent = agentWith(new MemoryHistory());
  const [session, empty] = [agent.createSession({ sessionId: 's1' }), agent.createSession({ sessionId: 's2' })];
  await agent.run('One', { session });

  const messages: unknown[] = [];
  for (const toTurn of [-1, 0.5, Number.NaN, 2]) messages.push(await refusalOf(agent.rewind(session, { toTurn })));
  const ofEmpty = await refusalOf(agent.rewind(empty));

  const range = '; session "s1" can be rewound to a turn from 0 to 1.';
  expect(messages).toEqual([-1, 0.5, Number.NaN, 2].map((toTurn) => `input_invalid: toTurn is ${toTurn}${range}`));
  expect(ofEmpty).toBe('input_invalid: Session "s2" has no turn to take back.');
  expect(await agent.transcript(session)).toEqual([said('One', 'A')]);
});

test('a session in use by a run cannot be rewound, nor can a run start during a rewind', async () => {
  const history = new MemoryHistory();
  const agent = agentWith(history);
  const session = agent.createSession();
  const run = agent.runStreaming('One', { session });
  await run[Symbol.asyncIterator]().next();

  const early = agent.rewind(session);
  await expect(early).rejects.toMatchObject({ code: 'session_busy' });
  await run.finalResponse();
  const rewinding = agent.rewind(session);
  const meanwhile = agent.run('Two', { session });

  await expect(meanwhile).rejects.toMatchObject({ code: 'session_busy' });
  expect(await rewinding).toEqual([said('One', 'A')]);
  expect((await agent.run('Three', { session })).text).toBe('B');
});

test('a failed rewind releases the session', async () => {
  const agent = agentWith(undefined);
  const session = agent.createSession();

  const failed = agent.rewind(session);

  await expect(failed).rejects.toMatchObject({ code: 'input_invalid' });
  expect((await agent.run('One', { session })).text).toBe('A');
});

test('a run elsewhere that began before the rewind is refused, even when the number of turns is the same again', async () => {
  const history = new MemoryHistory();
  const [here, there] = [agentWith(history), agentWith(history)];
  const [session, same] = [new AgentSession({ sessionId: 's1' }), new AgentSession({ sessionId: 's1' })];
  await here.run('One', { session });
  const elsewhere = there.runStreaming('Late', { session: same });
  await elsewhere[Symbol.asyncIterator]().next();

  await here.rewind(session);
  await here.run('Again', { session });

  await expect(elsewhere.finalResponse()).rejects.toMatchObject({ code: 'history_conflict', partial: { text: 'A' } });
  expect(await here.transcript(session)).toEqual([said('Again', 'B')]);
});

test('a session saved after a rewind opens rewound', async () => {
  const agent = agentWith(undefined);
  const sessions = new MemorySessions();
  const session = agent.createSession({ sessionId: 's1' });
  await agent.run('One', { session });
  await agent.run('Two', { session });
  await sessions.save(session, { owner: 'ann' });

  await agent.rewind(session);
  await sessions.save(session, { owner: 'ann' });
  const opened = await sessions.open('s1', { owner: 'ann' });

  expect(await agent.transcript(opened!)).toEqual([said('One', 'A')]);
});

test('turns kept by the service are neither read nor removed, and the error says how to continue from an earlier answer', async () => {
  const agent = agentWith('service');
  const session = agent.createSession({ sessionId: 's1', serviceSessionId: 'resp_1' });

  const refused = await Promise.allSettled([agent.transcript(session), agent.rewind(session)]);

  for (const each of refused)
    expect(each).toMatchObject({
      reason: {
        code: 'history_mismatch',
        message:
          'The service keeps the turns of session "s1" and does not return them. To continue from an earlier answer, run on createSession({ serviceSessionId: response.responseId }).',
      },
    });
  expect(session.serviceSessionId).toBe('resp_1');
});

test('a session whose turns are kept in another history is refused, not treated as empty', async () => {
  const session = new AgentSession();
  await agentWith(undefined).run('One', { session });
  const other = agentWith(new MemoryHistory());

  const refused = await Promise.allSettled([other.transcript(session), other.rewind(session, { toTurn: 0 })]);

  for (const each of refused) expect(each).toMatchObject({ reason: { code: 'history_mismatch' } });
});

test.each([undefined, null, 's1', {}])('%j is not a session to read or to rewind', async (given) => {
  const agent = agentWith(undefined);

  const refused = await Promise.allSettled([agent.transcript(given as never), agent.rewind(given as never)]);

  for (const each of refused)
    expect(each).toMatchObject({
      reason: { code: 'input_invalid', message: expect.stringContaining('Pass agent.createSession(') },
    });
});
