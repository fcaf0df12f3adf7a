// A call is over at its end mark: what follows is waited for no longer than a moment, and the connection is used again.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setImmediate } from 'node:timers/promises';
import { holdOpenAfterEnd, rawReply, reply, serveModel, stallAfter } from '@turnstream/testkit';
import { expect, test, vi } from 'vitest';
import { bothApisOverAll, chatCompletions, outcomeOf, question } from '../both-apis.ts';
import { expectClosedByReader } from './closed-by-reader.ts';

test.each(bothApisOverAll)('$name: the run is over at the end mark although the connection stays open', async (api) => {
  await using model = await serveModel(reply('Hello.', { fault: holdOpenAfterEnd() }));
  const client = api.newClient({ baseURL: model.baseURL });

  const { text, error } = await outcomeOf(client.send(question()));

  expect([text, error]).toEqual(['Hello.', null]);
  await expectClosedByReader(model);
});

test('Chat Completions: a finish reason ends the run when neither usage nor [DONE] follow', async () => {
  await using model = await serveModel(reply('Hello.', { fault: stallAfter({ frames: 3 }) }));
  const client = chatCompletions.newClient({ baseURL: model.baseURL });

  const { updates, text, error } = await outcomeOf(client.send(question()));

  expect([text, error]).toEqual(['Hello.', null]);
  expect(updates.at(-1)).toMatchObject({ finishReason: 'stop', usage: null });
  await expectClosedByReader(model);
});

test('Chat Completions: usage that comes a little after the finish reason is not lost', async () => {
  const event = (data: object) => `data: ${JSON.stringify(data)}\n\n`;
  const body = [
    event({ choices: [{ delta: { content: 'Hi' }, finish_reason: 'stop' }] }),
    event({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 1 } }),
  ];
  await using model = await serveModel(
    rawReply({ headers: { 'content-type': 'text/event-stream' }, body, chunkDelayMs: 150 }),
  );
  const client = chatCompletions.newClient({ baseURL: model.baseURL });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const updates = client.send(question())[Symbol.asyncIterator]();
  let pull = await updates.next();
  while (pull.done !== true && pull.value.finishReason === null) pull = await updates.next();

  const last = updates.next();
  // The client waits for the usage, and the model before it sends it.
  while (vi.getTimerCount() < 2) await setImmediate();
  vi.advanceTimersByTime(150);
  const { value } = await last;
  vi.useRealTimers();

  expect(value).toMatchObject({ usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 } });
});

test.each(bothApisOverAll)('$name: connections whose answer is over serve later calls', async (api) => {
  await using model = await serveModel(...Array.from({ length: 10 }, () => reply('Hello.')));
  const sockets = new Set<unknown>();
  const client = api.newClient({ baseURL: model.baseURL });
  const countSockets = (message: unknown): void => {
    sockets.add((message as { socket: unknown }).socket);
  };
  subscribe('undici:client:sendHeaders', countSockets);

  for (let call = 0; call < 10; call += 1) await outcomeOf(client.send(question()));
  unsubscribe('undici:client:sendHeaders', countSockets);

  // The next call leaves before the body of the last one is over, so they take turns on two.
  expect(sockets.size).toBeLessThanOrEqual(2);
  expect(model.requests.filter((request) => request.closedEarly)).toEqual([]);
});
