// A server that stops in the middle of something: what the next worker has to find.
import { Agent, type ChatClient, type Tool, tool } from '@turnstream/core';
import { answer, background, callTool, reply, serveModel, stallAfter } from '@turnstream/testkit';
import { afterEach, expect, test, vi } from 'vitest';
import { ask, clientOf, deliver, eventsOf, historyOf, joined, letters, openStore, posts, text } from './rig.ts';

afterEach(() => void vi.useRealTimers());

/** A stop that comes when the service has taken the run on, and before the server has read which response it is. */
function stoppedByStart(model: { readonly baseURL: string }, stop: AbortController): ChatClient {
  const client = clientOf(model);
  const start: typeof client.background.start = async (request) => {
    const snapshot = await client.background.start(request);
    stop.abort(new Error('stop'));
    request.signal.throwIfAborted();
    return snapshot;
  };
  return {
    send: (request) => client.send(request),
    background: Object.assign(Object.create(client.background) as typeof client.background, { start }),
  };
}

test('a server that stops while the service takes a run on stores which response it is, and it is not asked again', async () => {
  await using model = await serveModel(background(reply(letters, { id: 'resp_1' })));
  const store = openStore();
  const run = await ask(store);
  const stop = new AbortController();
  const client = stoppedByStart(model, stop);

  const again = await deliver(store, model, run, {
    signal: stop.signal,
    agent: (history) => new Agent({ client, history }),
  });
  await deliver(store, model, run);

  expect([again, posts(model)]).toEqual([0, 1]);
  expect(joined(await eventsOf(store, run))).toBe(text);
  expect(await historyOf(store, run)).toHaveLength(2);
});

test('a server that stops waits five seconds for a service that does not answer, and the run is asked for again', async () => {
  await using model = await serveModel(
    background(reply(letters), { streams: [stallAfter({ frames: 0 })] }),
    background(reply(letters)),
  );
  const store = openStore();
  const run = await ask(store);
  const stop = new AbortController();
  const working = deliver(store, model, run, { signal: stop.signal });
  await expect.poll(() => posts(model)).toBe(1);
  let again: number | null = null;
  void working.then((waitMs) => {
    again = waitMs;
  });

  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  stop.abort(new Error('stop'));
  await vi.advanceTimersByTimeAsync(4_999);
  const before = again;
  await vi.advanceTimersByTimeAsync(1);
  await expect.poll(() => again).toBe(0);
  vi.useRealTimers();
  await deliver(store, model, run);

  expect([before, posts(model)]).toEqual([null, 2]);
  expect(joined(await eventsOf(store, run))).toBe(text);
});

test('a server that stops while tools run stores the response they lead to, and neither is asked for again', async () => {
  await using model = await serveModel(
    background(answer([reply('Let me look. '), callTool('look', ['{}'], { callId: 'call_1' })]), { looks: [] }),
    background(reply(['Snow ', 'in Oslo.']), { looks: ['in_progress'] }),
  );
  const store = openStore();
  const run = await ask(store, 'Weather?');
  const stop = new AbortController();
  const looks: string[] = [];
  const look: Tool = tool({
    name: 'look',
    description: 'Looks.',
    execute: () => {
      looks.push('looked');
      stop.abort(new Error('stop'));
      return 'Snow';
    },
  });

  const again = await deliver(store, model, run, { signal: stop.signal, with: { tools: [look] } });
  await deliver(store, model, run, { with: { tools: [look] } });

  expect([again, posts(model), looks]).toEqual([0, 2, ['looked']]);
  expect(joined(await eventsOf(store, run))).toBe('Let me look. Snow in Oslo.');
});

test('a run of more than a thousand events is continued without a repeat', async () => {
  const words = Array.from({ length: 1_030 }, (_, index) => `${index} `);
  await using model = await serveModel(
    background(reply(words, { id: 'resp_1' }), { streams: [stallAfter({ chunks: 1_010 })], looks: ['in_progress'] }),
  );
  const store = openStore();
  const run = await ask(store);
  const stop = new AbortController();

  const working = deliver(store, model, run, { signal: stop.signal });
  await expect.poll(() => store.runs.events(run.runId, { after: 1_010, limit: 1 })).toHaveLength(1);
  stop.abort(new Error('stop'));
  await working;
  const before = await eventsOf(store, run);
  await deliver(store, model, run);

  const events = await eventsOf(store, run);
  expect(before.length).toBeGreaterThan(1_010);
  expect(events.slice(0, before.length)).toEqual(before);
  expect(events.filter(({ type }) => type === 'session')).toHaveLength(1);
  expect(joined(events)).toBe(words.join(''));
});
