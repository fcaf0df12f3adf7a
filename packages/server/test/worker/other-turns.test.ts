// What happens to a run whose session changes meanwhile: a turn is added, or turns are removed.
import { tool } from '@turnstream/core';
import { background, callTool, reply, serveModel } from '@turnstream/testkit';
import { expect, test, vi } from 'vitest';
import { ask, deliver, eventsOf, historyOf, joined, letters, OWNER, openStore, recordOf, text } from './rig.ts';

test('a turn that is added meanwhile comes before the turn of the run, which is stored once', async () => {
  await using model = await serveModel(background(reply(letters)));
  const store = openStore();
  const run = await ask(store);
  const other = [
    { role: 'user', contents: 'Hi.' },
    { role: 'assistant', contents: 'Hello.' },
  ] as const;
  const finish = store.runs.finish.bind(store.runs);
  store.runs.finish = async (...all) => {
    await store.history.append({ sessionId: run.sessionId }, other, 0);
    return finish(...all);
  };

  await deliver(store, model, run);

  expect(await historyOf(store, run)).toEqual([
    ['user', 'Hi.'],
    ['assistant', 'Hello.'],
    ['user', 'Go'],
    ['assistant', text],
  ]);
  expect(joined(await eventsOf(store, run))).toBe(text);
});

test.each([
  ['ends', 'finish', reply(letters)],
  ['asks for approval', 'park', callTool('pay', {}, { callId: 'call_1' })],
] as const)('a run whose session is rewound just before it %s fails on its first delivery', async (_, write, step) => {
  await using model = await serveModel(background(step));
  const store = openStore();
  const session = await store.runs.createSession({ owner: OWNER, maxSessions: 9 });
  await store.runs.appendTurn(session, { owner: OWNER }, [{ role: 'user', contents: 'Hi' }], 0);
  const run = await ask(store, 'Go', session.sessionId);
  const runs = store.runs;
  const original = runs[write].bind(runs) as (...given: unknown[]) => Promise<void>;
  vi.spyOn(runs, write).mockImplementationOnce(async (...given: unknown[]) => {
    await runs.truncateTurns(session, { owner: OWNER }, 0, 1);
    return original(...given);
  });
  const pay = tool({ name: 'pay', description: 'Pays.', approval: 'always', execute: () => 'paid' });

  const again = await deliver(store, model, run, { with: { tools: [pay] } });

  expect(again).toBeNull();
  expect(await recordOf(store, run)).toMatchObject({ state: 'failed', end: { code: 'history_conflict' } });
  expect(await historyOf(store, run)).toEqual([]);
});
