// Turns that a history provider loads and stores.
import { expect, test, vi } from 'vitest';
import { Agent, AgentError, type HistoryProvider, type LoadedHistory, MemoryHistory } from '../../src/index.ts';
import { finished, scriptedClient, sentTexts } from '../scripted-client.ts';

const EMPTY: LoadedHistory = { messages: [], turns: [], turnCount: 0, version: 0 };

test('a history provider is asked for the turns and given each whole turn once', async () => {
  const history = new MemoryHistory();
  const client = scriptedClient(['A', finished], ['B', finished]);
  const agent = new Agent({ client, history });

  await agent.run('first', { session: agent.createSession({ sessionId: 's1' }) });
  const later = agent.createSession({ sessionId: 's1' });
  await agent.run('second', { session: later });

  expect(sentTexts(client)[1]).toEqual(['first', 'A', 'second']);
  expect(later.state).toEqual({ historyAtProvider: true });
  expect((await history.load({ sessionId: 's1' })).version).toBe(2);
});

test('when another process added a turn meanwhile, the run says so and its answer is not lost', async () => {
  const history = new MemoryHistory();
  const client = scriptedClient(['A', finished]);
  const agent = new Agent({ client, history });
  const stream = agent.runStreaming('mine', { session: agent.createSession({ sessionId: 's1' }) });
  await stream[Symbol.asyncIterator]().next();
  await history.append({ sessionId: 's1' }, [{ role: 'user', contents: 'theirs' }], 0);

  const final = stream.finalResponse();

  await expect(final).rejects.toMatchObject({ code: 'history_conflict', partial: { text: 'A', status: 'completed' } });
  expect((await history.load({ sessionId: 's1' })).messages).toEqual([{ role: 'user', contents: 'theirs' }]);
});

test('a partial turn that could not be kept is the error, and what interrupted the run is its cause', async () => {
  const full = new AgentError('history_conflict', 'full');
  const cut = new AgentError('stream_truncated', 'cut');
  const history: HistoryProvider = {
    load: async () => EMPTY,
    append: () => Promise.reject(full),
    truncate: async () => EMPTY,
    clear: async () => {},
  };
  const agent = new Agent({ client: scriptedClient(['A', cut]), history, onIncomplete: 'keep' });

  const run = agent.run('first', { session: agent.createSession() });

  await expect(run).rejects.toBe(full);
  expect(full.cause).toBe(cut);
});

test('an answer is not lost when the history fails to store it with an error of its own', async () => {
  const full = new Error('disk full');
  const history = new MemoryHistory();
  vi.spyOn(history, 'append').mockRejectedValueOnce(full);
  const agent = new Agent({ client: scriptedClient(['A', finished]), history });

  const run = agent.run('first', { session: agent.createSession() });

  await expect(run).rejects.toMatchObject({
    code: 'server_error',
    retryable: false,
    cause: full,
    partial: { text: 'A', status: 'completed' },
  });
});

test('an abort while a finished answer is stored comes too late', async () => {
  const history = new MemoryHistory();
  const append = history.append.bind(history);
  const stop = new AbortController();
  vi.spyOn(history, 'append').mockImplementation((...all) => {
    stop.abort(new Error('stop'));
    return append(...all);
  });
  const agent = new Agent({ client: scriptedClient(['A', finished]), history });
  const session = agent.createSession();

  const { text, status } = await agent.run('first', { session, signal: stop.signal });

  expect([text, status]).toEqual(['A', 'completed']);
  expect((await history.load(session)).turnCount).toBe(1);
});

test('a run that is stopped while the history loads sends nothing', async () => {
  const loading = Promise.withResolvers<LoadedHistory>();
  const client = scriptedClient(['A', finished]);
  const history: HistoryProvider = {
    load: () => loading.promise,
    append: async () => ({ version: 1 }),
    truncate: async () => EMPTY,
    clear: async () => {},
  };
  const agent = new Agent({ client, history });
  const stop = new AbortController();
  const run = agent.run('first', { session: agent.createSession(), signal: stop.signal });

  stop.abort(new Error('stop'));
  await expect(run).rejects.toThrow('stop');
  loading.resolve(EMPTY);
  await new Promise((resolve) => setImmediate(resolve));

  expect(client.requests).toEqual([]);
});

test("with 'keep', a run that is stopped while the history loads keeps nothing and throws the reason", async () => {
  const history = new MemoryHistory();
  await history.append({ sessionId: 's1' }, [{ role: 'user', contents: 'before' }], 0);
  const load = vi.spyOn(history, 'load').mockReturnValueOnce(Promise.withResolvers<never>().promise);
  const agent = new Agent({ client: scriptedClient(), history, onIncomplete: 'keep' });
  const stop = new AbortController();
  const reason = new Error('stop');
  const run = agent.run('Go', { session: agent.createSession({ sessionId: 's1' }), signal: stop.signal });

  stop.abort(reason);

  await expect(run).rejects.toBe(reason);
  expect(load).toHaveBeenCalledTimes(1);
  expect((await history.load({ sessionId: 's1' })).version).toBe(1);
});
