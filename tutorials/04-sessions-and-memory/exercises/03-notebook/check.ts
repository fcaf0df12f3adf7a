import { Agent, AgentError, type HistoryProvider, type LoadedHistory, type Message, textOf } from '@turnstream/core';
import { counted, equal, exercise, expected } from '@turnstream/learn/check';
import { reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

const ada = { sessionId: 'ada' };
const ben = { sessionId: 'ben' };

function turn(name: string): readonly Message[] {
  return [
    { role: 'user', contents: `Q${name}` },
    { role: 'assistant', contents: `A${name}` },
  ];
}

const codeOf = (error: unknown): string =>
  error instanceof AgentError ? error.code : `no AgentError: ${String(error)}`;

/** What was loaded, short enough for a sentence. */
function inShort({ messages, turns, turnCount, version }: LoadedHistory): object {
  const textsOf = (said: readonly Message[]): string => said.map(textOf).join(', ');
  return { messages: textsOf(messages), turns: turns.map(textsOf), turnCount, version };
}

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { Notebook } = await load('Notebook');
  const notebook: HistoryProvider = new Notebook();

  const empty = { messages: '', turns: [], turnCount: 0, version: 0 };
  equal('a page that nobody wrote to', inShort(await notebook.load(ada)), empty);

  const first = await notebook.append(ada, turn('1'), 0);
  const second = await notebook.append(ada, turn('2'), first.version);
  equal('the versions after two appends', [first.version, second.version], [1, 2]);
  const both = { messages: 'Q1, A1, Q2, A2', turns: ['Q1, A1', 'Q2, A2'], turnCount: 2, version: 2 };
  equal('the page after them', inShort(await notebook.load(ada)), both);
  const last = { messages: 'Q2, A2', turns: ['Q2, A2'], turnCount: 2, version: 2 };
  equal('the last turn of the page', inShort(await notebook.load(ada, { lastTurns: 1 })), last);
  const none = { messages: '', turns: [], turnCount: 2, version: 2 };
  equal('the last 0 turns of the page', inShort(await notebook.load(ada, { lastTurns: 0 })), none);
  equal('the page of somebody else', inShort(await notebook.load(ben)), empty);

  const late = await notebook.append(ada, turn('late'), 1).then(() => 'stored', codeOf);
  expected('a turn that follows version 1 to be refused at version 2', late !== 'stored', 'it was stored');
  equal('the code of the refusal', late, 'history_conflict');
  equal('the page after the refusal', inShort(await notebook.load(ada)), both);

  const race = await Promise.allSettled(['3', '4'].map((name) => notebook.append(ada, turn(name), 2)));
  const winners = race.filter(({ status }) => status === 'fulfilled').length;
  expected(
    'one of two turns at the same moment to be stored',
    winners === 1,
    `${counted(winners, 'turn')} were stored`,
  );

  await notebook.truncate(ada, 2, 3);
  const stale = await notebook.append(ada, turn('5'), 2).then(() => 'stored', codeOf);
  equal('what becomes of a turn that was begun before a turn was taken back', stale, 'history_conflict');
  equal('the version after that', (await notebook.load(ada)).version, 4);

  const { client, requests } = await model(reply('Yes.'));
  const agent = new Agent({ client, history: notebook });
  await agent.run('Do you have mugs?', { session: agent.createSession(ada) });
  equal('what an agent sends with this history', requests[0]?.texts, ['Q1', 'A1', 'Q2', 'A2', 'Do you have mugs?']);
});
