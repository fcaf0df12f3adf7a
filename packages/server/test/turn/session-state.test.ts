// What a turn leaves in the state of its session, which the next turn finds there.
import { Agent, AgentSession, tool } from '@turnstream/core';
import { background, callTool, httpError, reply, type Step, serveModel } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { changeState, StateChanges } from '../../src/store/state-changes.ts';
import { openRig } from '../app-rig.ts';
import { paying } from '../paying.ts';
import { ask, clientOf, deliver, OWNER, openStore, recordOf } from '../worker/rig.ts';

const note = tool({
  name: 'note',
  description: 'Counts its calls.',
  execute: (_input, { session }) => {
    const { state } = session!;
    const notes = Number(state['notes'] ?? 0) + 1;
    state['notes'] = notes;
    return `note ${notes}`;
  },
});

test('chats and background runs find what earlier turns left', async () => {
  const steps = [
    callTool('note', {}),
    reply('One.'),
    background(callTool('note', {})),
    background(reply('Two.')),
    callTool('note', {}),
    reply('Three.'),
  ];
  await using rig = await openRig({ steps, agent: { tools: [note] } });

  const { sessionId } = await (await rig.post('/chat', { message: 'Note this.' })).json();
  const { runId } = await (await rig.post('/runs', { message: 'Note this.', sessionId })).json();
  await (await rig.get(`/runs/${runId}/events`)).text();
  await rig.post('/chat', { message: 'Note this.', sessionId });

  const results = rig.model.requests.at(-1)?.messages.filter(({ role }) => role === 'tool');
  expect(results?.map(({ text }) => text)).toEqual(['note 1', 'note 2', 'note 3']);
});

test('an agent as a tool remembers the earlier tasks of a session', async () => {
  const turn = (task: string): Step[] => [callTool('helper', { task }), reply('Snow.'), reply('It snows.')];
  await using model = await serveModel(...turn('Oslo?'), ...turn('And Bergen?'));
  const client = clientOf(model);
  const helper = new Agent({ client }).asTool({ name: 'helper', description: 'Looks.', memory: 'session' });
  await using rig = await openRig({ agent: { client, tools: [helper] } });

  const { sessionId } = await (await rig.post('/chat', { message: 'Weather?' })).json();
  await rig.post('/chat', { message: 'And Bergen?', sessionId });

  expect(model.requests[4]?.texts).toEqual(['Oslo?', 'Snow.', 'And Bergen?']);
});

test('a run that waits for approval leaves what it changed before', async () => {
  const asks = background(callTool('pay', { euros: 5 }), { looks: [] });
  await using model = await serveModel(background(callTool('note', {}), { looks: [] }), asks);
  const store = openStore();
  const run = await ask(store);

  await deliver(store, model, run, { with: { tools: [note, paying().pay] } });

  expect((await store.sessions.open(run.sessionId, { owner: OWNER }))?.state).toEqual({ notes: 1 });
});

test('a turn that is not stored leaves nothing', async () => {
  const steps = [reply('Hello.'), callTool('note', {}), httpError(500), callTool('note', {}), reply('One.')];
  await using rig = await openRig({ steps, agent: { tools: [note] } });

  const { sessionId } = await (await rig.post('/chat', { message: 'Hi' })).json();
  const { status } = await rig.post('/chat', { message: 'Note this.', sessionId });
  await rig.post('/chat', { message: 'Note this.', sessionId });

  const results = rig.model.requests.at(-1)?.messages.filter(({ role }) => role === 'tool');
  expect([status, results?.map(({ text }) => text)]).toEqual([502, ['note 1']]);
});

test('only changed members of the state are stored, so that concurrent turns do not undo each other', () => {
  const session = new AgentSession();
  Object.assign(session.state, { kept: 1, changed: { list: [1] }, removed: true });
  const other = AgentSession.fromJSON(session.toJSON());
  other.state['kept'] = 2;
  const changes = new StateChanges({ warn() {} });

  changes.watch(session);
  (session.state['changed'] as { list: number[] }).list.push(2);
  delete session.state['removed'];
  session.state['added'] = null;
  changeState(other, changes.of(session));

  expect(other.state).toEqual({ kept: 2, changed: { list: [1, 2] }, added: null });
});

test('members with the names of inherited ones are stored and removed as others', () => {
  const session = AgentSession.fromJSON(stored('{ "valueOf": 1, "kept": 1 }'));
  const other = AgentSession.fromJSON(session.toJSON());
  const changes = new StateChanges({ warn() {} });

  changes.watch(session);
  delete session.state['valueOf'];
  Object.defineProperties(session.state, Object.getOwnPropertyDescriptors(JSON.parse('{ "__proto__": {} }')));
  changeState(other, changes.of(session));

  expect(JSON.stringify(other.state)).toBe('{"kept":1,"__proto__":{}}');
});

test.each([
  ['a class instance', new Map()],
  ['a function', () => {}],
])('%s in the state is left out and logged by its name, and the answer is stored', async (kind, value) => {
  const keep = tool({
    name: 'keep',
    description: 'Keeps it.',
    execute: (_input, { session }) => {
      Object.assign(session!.state, { seen: value, notes: 1 });
      return 'ok';
    },
  });
  await using rig = await openRig({ agent: { tools: [keep] }, steps: [callTool('keep', {}), reply('Kept.')] });

  const { sessionId, text } = await (await rig.post('/chat', { message: 'Keep it.' })).json();

  const { state } = (await rig.store.sessions.open(sessionId, { owner: 'local' }))!;
  const [warning] = rig.log.map((line) => JSON.parse(line)).filter(({ level }) => level === 40);
  expect([text, state]).toEqual(['Kept.', { notes: 1 }]);
  expect(warning).toMatchObject({
    sessionId,
    err: { message: `session_invalid: session.state.seen is ${kind}, which JSON cannot hold.` },
    msg: 'a member of session.state is not stored',
  });
});

test('a background run whose state JSON cannot hold is stored without it, and says so', async () => {
  const count = tool({
    name: 'count',
    description: 'Counts.',
    execute: (_input, { session }) => {
      session!.state['count'] = 1n;
      return 'ok';
    },
  });
  await using model = await serveModel(background(callTool('count', {}), { looks: [] }), background(reply('One.')));
  const store = openStore();
  const run = await ask(store);
  const warnings: unknown[] = [];
  const log = { info() {}, warn: (fields: object, message: string) => void warnings.push([message, fields]) };

  await deliver(store, model, run, { log, with: { tools: [count] } });

  expect((await recordOf(store, run)).state).toBe('completed');
  expect(warnings).toMatchObject([
    [
      'a member of session.state is not stored',
      { err: { message: 'session.state.count is a bigint, which JSON cannot hold.' } },
    ],
  ]);
});

function stored(state: string): unknown {
  return JSON.parse(
    `{ "type": "agent_session", "version": 1, "sessionId": "s", "serviceSessionId": null, "state": ${state} }`,
  );
}
