// Background runs on a session that is rewound before they end: the rewind may have removed their turn.
import { expect, test } from 'vitest';
import * as z from 'zod';
import { Agent, type AgentSession, type History, MemoryHistory, tool } from '../../src/index.ts';
import { type ScriptedResponse, scriptedBackground } from '../scripted-background.ts';
import { call, finished, text, wantsTools } from '../scripted-client.ts';

const report: ScriptedResponse = { looks: ['queued', 'completed'], answer: [text('A report.'), finished] };
const keepers: readonly (readonly [string, () => History | undefined])[] = [
  ['in the session', () => undefined],
  ['with a provider', () => new MemoryHistory()],
];
const conflict = {
  code: 'history_conflict',
  message: 'Session "s1" was rewound after run resp_1 began, so its turn is not stored. Start a new run.',
};

interface Rig {
  readonly agent: Agent;
  readonly session: AgentSession;
  readonly client: ReturnType<typeof scriptedBackground>;
}

/** An agent whose session holds one turn. */
async function openRig(history: History | undefined, ...responses: ScriptedResponse[]): Promise<Rig> {
  const client = scriptedBackground(...responses);
  const agent = new Agent({ client, ...(history === undefined ? {} : { history }) });
  const session = agent.createSession({ sessionId: 's1' });
  await provided(history, session);
  return { agent, session, client };
}

async function provided(history: History | undefined, session: AgentSession): Promise<void> {
  const turn = [{ role: 'user' as const, contents: 'Before' }];
  if (history instanceof MemoryHistory) await history.append(session, turn, 0);
  else session.state['history'] = { turns: [turn] };
}

test.each(keepers)(
  '%s, a run that ends after a rewind stores nothing and says why, with its answer',
  async (_where, keeper) => {
    const { agent, session } = await openRig(keeper(), report);
    const run = await agent.runInBackground('Go', { session });

    await agent.rewind(session);
    const waiting = run.wait();

    await expect(waiting).rejects.toMatchObject({ ...conflict, partial: { text: 'A report.' } });
    await expect(run.wait()).rejects.toMatchObject(conflict);
    expect(await agent.transcript(session)).toEqual([]);
  },
);

test.each(keepers)(
  '%s, a turn that was stored and taken back does not come back with its token',
  async (_where, keeper) => {
    const { agent, session, client } = await openRig(keeper(), report);
    const run = await agent.runInBackground('Go', { session });
    const token = run.toJSON();
    await run.wait();

    await agent.rewind(session);
    const resumed = agent.resumeBackground(token, { session }).wait();

    await expect(resumed).rejects.toMatchObject(conflict);
    expect(await agent.transcript(session)).toHaveLength(1);
    expect(client.log).toEqual(['start resp_1', 'get resp_1']);
  },
);

test('a run resumed after a rewind runs no tool and does not call the model', async () => {
  const ran: string[] = [];
  const asks: ScriptedResponse = { looks: ['queued', 'completed'], answer: [call('c1', 'give', '{}'), wantsTools] };
  const { agent, session, client } = await openRig(undefined, asks, report);
  const give = tool({ name: 'give', description: 'Gives.', parameters: z.object({}), execute: () => ran.push('gave') });
  const run = await agent.runInBackground('Go', { session, tools: [give] });

  await agent.rewind(session);
  const resumed = agent.resumeBackground(run.toJSON(), { session, tools: [give] }).wait();

  await expect(resumed).rejects.toMatchObject(conflict);
  expect([ran, client.started.length]).toEqual([[], 1]);
});

test('a turn that a rewind kept is still delivered by its token', async () => {
  const { agent, session } = await openRig(undefined, report, report);
  const run = await agent.runInBackground('Go', { session });
  const token = run.toJSON();
  await run.wait();
  await (await agent.runInBackground('Again', { session })).wait();

  await agent.rewind(session);
  const response = await agent.resumeBackground(token, { session }).wait();

  expect(response.text).toBe('A report.');
  expect(await agent.transcript(session)).toHaveLength(2);
});

test('a run that began after a rewind is stored, and so is one resumed from its token', async () => {
  const { agent, session } = await openRig(undefined, report, report);
  await agent.rewind(session);

  const first = await agent.runInBackground('One', { session });
  await first.wait();
  const second = (await agent.runInBackground('Two', { session })).toJSON();
  await agent.resumeBackground(JSON.parse(JSON.stringify(second)), { session }).wait();

  expect([first.toJSON().ahead, second.ahead]).toEqual([2, 2]);
  expect((await agent.transcript(session)).map((turn) => turn[0]?.contents)).toEqual(['One', 'Two']);
});

test('the token of a session that was never rewound has no new member', async () => {
  const { agent, session } = await openRig(undefined, report);

  const run = await agent.runInBackground('Go', { session });

  expect(Object.keys(run.toJSON())).not.toContain('ahead');
});
