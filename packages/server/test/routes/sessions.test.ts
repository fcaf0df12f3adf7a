// The conversations of an owner: listed page by page, read, and deleted.

import { tool } from '@turnstream/core';
import { callTool, reply } from '@turnstream/testkit';
import { afterEach, expect, test, vi } from 'vitest';
import { frames, openRig, type Rig } from '../app-rig.ts';
import { asTimePasses } from '../passing-time.ts';
import { turn } from '../store/fixtures.ts';
import { openSqliteStore } from '../store/sqlite-rig.ts';

afterEach(() => void vi.useRealTimers());

interface Page {
  readonly sessions: readonly {
    readonly sessionId: string;
    readonly savedAtMs: number;
    readonly expiresAtMs: number | null;
  }[];
}

async function page(rig: Rig, query: string): Promise<readonly string[]> {
  const { sessions } = (await (await rig.get(`/sessions${query}`)).json()) as unknown as Page;
  return sessions.map(({ sessionId }) => sessionId);
}

test('a page starts after the last session of the previous page', async () => {
  await using rig = await openRig({ steps: [reply('A.'), reply('B.'), reply('C.')] });
  for (const message of ['a', 'b', 'c']) await rig.post('/chat', { message });
  const all = await page(rig, '');

  const first = await page(rig, '?limit=2');
  const second = await page(rig, `?limit=2&after=${first[1]}`);

  expect(all).toHaveLength(3);
  expect([first, second]).toEqual([all.slice(0, 2), all.slice(2)]);
});

test('the sessions that were used last come first when asked for, page by page', async () => {
  await using rig = await openRig({ steps: [reply('A.'), reply('B.'), reply('C.'), reply('D.')] });
  vi.useFakeTimers({ toFake: ['Date'] });
  const ids: string[] = [];
  for (const message of ['a', 'b', 'c']) {
    vi.setSystemTime(Date.now() + 1);
    ids.push((await (await rig.post('/chat', { message })).json()).sessionId);
  }
  vi.setSystemTime(Date.now() + 1);
  await rig.post('/chat', { message: 'a again', sessionId: ids[0] });

  const first = (await (await rig.get('/sessions?order=latest&limit=2')).json()) as unknown as Page;
  const { sessionId, savedAtMs } = first.sessions[1]!;
  const second = await page(rig, `?order=latest&limit=2&after=${sessionId}&savedAtMs=${savedAtMs}`);

  expect(first.sessions.map((each) => each.sessionId)).toEqual([ids[0], ids[2]]);
  expect(second).toEqual([ids[1]]);
});

test.each(['?order=oldest', '?order=latest&after=s', '?savedAtMs=1', '?after=s&savedAtMs=1'])(
  'sessions are not listed with %s',
  async (query) => {
    await using rig = await openRig();

    const refused = await rig.get(`/sessions${query}`);

    expect([refused.status, (await refused.json()).error.code]).toEqual([400, 'input_invalid']);
  },
);

test('a session reads as its questions and answers, without the results of tools', async () => {
  const weather = tool({ name: 'weather', description: 'The weather.', execute: () => 'A secret of the tool.' });
  await using rig = await openRig({ agent: { tools: [weather] }, steps: [callTool('weather', '{}'), reply('Sunny.')] });
  const { sessionId } = await (await rig.post('/chat', { message: 'Weather?' })).json();

  const conversation = await (await rig.get(`/sessions/${sessionId}`)).json();

  expect(conversation).toEqual({
    sessionId,
    messages: [
      { role: 'user', text: 'Weather?', status: null, turn: 0 },
      { role: 'assistant', text: '', status: null, turn: 0 },
      { role: 'assistant', text: 'Sunny.', status: null, turn: 0 },
    ],
    approvals: [],
  });
});

test('a session is rewound to an earlier turn, and the next question builds on that', async () => {
  await using rig = await openRig({ steps: [reply('A.'), reply('B.'), reply('C.')] });
  const { sessionId } = await (await rig.post('/chat', { message: 'a' })).json();
  await rig.post('/chat', { message: 'b', sessionId });

  const rewound = await rig.post(`/sessions/${sessionId}/rewind`, { toTurn: 1 });
  await rig.post('/chat', { message: 'c', sessionId });

  expect([rewound.status, await rewound.json()]).toEqual([200, { toTurn: 1 }]);
  expect(rig.model.requests[2]!.texts).toEqual(['a', 'A.', 'c']);
  const { messages } = await (await rig.get(`/sessions/${sessionId}`)).json();
  expect(messages).toMatchObject([
    { text: 'a', turn: 0 },
    { text: 'A.', turn: 0 },
    { text: 'c', turn: 1 },
    { text: 'C.', turn: 1 },
  ]);
});

test.each([
  ['a turn that it does not have', { toTurn: 2 }, 400, 'input_invalid'],
  ['no turn', {}, 400, 'input_invalid'],
  ['a turn before the first', { toTurn: -1 }, 400, 'input_invalid'],
])('a session is not rewound to %s', async (_, body, status, code) => {
  await using rig = await openRig({ steps: [reply('A.')] });
  const { sessionId } = await (await rig.post('/chat', { message: 'a' })).json();

  const refused = await rig.post(`/sessions/${sessionId}/rewind`, body);

  expect([refused.status, (await refused.json()).error.code]).toEqual([status, code]);
  expect(await rig.store.history.load({ sessionId })).toMatchObject({ version: 1 });
});

test('a session is rewound by nobody but its owner, and not while a turn of it is under way', async () => {
  const authenticate = ({ headers }: { headers: Record<string, unknown> }): string => String(headers['x-user']);
  await using rig = await openRig({
    identity: { authenticate },
    steps: [reply('A.'), reply(['B.', 'C.'], { chunkDelayMs: 60_000 })],
  });
  const [ann, bob] = [{ headers: { 'x-user': 'ann' } }, { headers: { 'x-user': 'bob' } }];
  const { sessionId } = await (await rig.post('/chat', { message: 'a' }, ann)).json();

  const foreign = await rig.post(`/sessions/${sessionId}/rewind`, { toTurn: 0 }, bob);
  const answer = frames(await rig.post('/chat/stream', { message: 'b', sessionId }, ann));
  await answer.next();
  const busy = await rig.post(`/sessions/${sessionId}/rewind`, { toTurn: 0 }, ann);
  await answer.return(undefined);

  expect([foreign.status, (await foreign.json()).error.code]).toEqual([404, 'not_found']);
  expect([busy.status, (await busy.json()).error.code]).toEqual([409, 'session_busy']);
  expect(await rig.store.history.load({ sessionId })).toMatchObject({ version: 1 });
});

test('a session that another process deletes stays deleted when its chat ends', async () => {
  const clock = vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await using here = await openRig({ steps: [reply(['Half ', 'way.'], { chunkDelayMs: 300 })] });
  await using elsewhere = await openRig({ store: here.store });
  const reading = frames(await here.post('/chat/stream', { message: 'Hi' }));
  const { sessionId } = (await reading.next()).value!.data as { sessionId: string };
  await reading.next();

  const deleted = await elsewhere.get(`/sessions/${sessionId}`, { method: 'DELETE' });
  const rest = await asTimePasses(Array.fromAsync(reading));
  clock.useRealTimers();

  expect(deleted.status).toBe(204);
  expect(rest.at(-1)).toMatchObject({ event: 'error', data: { code: 'not_found' } });
  expect((await here.get(`/sessions/${sessionId}`)).status).toBe(404);
  expect(await here.store.history.load({ sessionId })).toMatchObject({ messages: [] });
});

test('an owner with as many sessions as allowed can only continue or delete one', async () => {
  await using rig = await openRig({
    ceilings: { sessionsPerUser: 1 },
    steps: [reply('One.'), reply('Two.'), reply('Three.')],
  });
  const { sessionId } = await (await rig.post('/chat', { message: 'Hi' })).json();

  const refused = await Promise.all(
    ['/chat', '/chat/stream', '/runs'].map((path) => rig.post(path, { message: 'Hi' })),
  );
  const continued = await rig.post('/chat', { message: 'And?', sessionId });
  await rig.get(`/sessions/${sessionId}`, { method: 'DELETE' });
  const next = await rig.post('/chat', { message: 'Hi' });

  expect(refused.map(({ status }) => status)).toEqual([409, 409, 409]);
  expect((await refused[0]!.json()).error).toMatchObject({
    code: 'too_many_sessions',
    message: 'The limit of 1 sessions per user is reached. Delete one with DELETE /sessions/:id, or continue one.',
  });
  expect([continued.status, next.status]).toEqual([200, 200]);
});

test('a listing says when each session expires', async () => {
  const { store } = openSqliteStore(':memory:', { keepSessionsMs: 60_000 });
  await using rig = await openRig({ store, steps: [reply('Hello.')] });
  const before = Date.now();
  await rig.post('/chat', { message: 'Hi' });

  const { sessions } = (await (await rig.get('/sessions')).json()) as unknown as Page;

  expect(sessions[0]!.expiresAtMs).toBeGreaterThanOrEqual(before + 60_000);
  expect(sessions[0]!.expiresAtMs).toBeLessThanOrEqual(Date.now() + 60_000);
});

test('a server whose agent only chats deletes expired sessions when it starts', async () => {
  const { store } = openSqliteStore(':memory:', { keepSessionsMs: 60_000 });
  vi.useFakeTimers({ toFake: ['Date'] });
  const session = await store.runs.createSession({ owner: 'local', maxSessions: 1 });
  await store.runs.appendTurn(session, { owner: 'local' }, turn, 0);
  vi.setSystemTime(Date.now() + 60_000);

  await using _rig = await openRig({ store, api: 'chat_completions' });

  await expect.poll(async () => (await store.history.load(session)).version).toBe(0);
});
