// Leaving and aborting a call: the connection closes at once, and nothing more is sent or read.
import { getEventListeners } from 'node:events';
import type { ChatUpdate } from '@turnstream/core/seams';
import { httpError, mockModel, reply, serveModel, stallAfter, truncateAfter, whole } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { bothApisOverAll, outcomeOf, question } from '../both-apis.ts';
import { expectClosedByReader } from './closed-by-reader.ts';

const LONG = Array.from({ length: 40 }, (_, index) => `word ${index} `);

/** Pulls until `count` updates with text have come. */
async function pullTexts(updates: AsyncIterator<ChatUpdate>, count: number): Promise<void> {
  for (let seen = 0; seen < count; ) {
    const pull = await updates.next();
    if (pull.done === true) throw new Error('the stream ended early');
    if (pull.value.text !== '') seen += 1;
  }
}

test.each(bothApisOverAll)(
  '$name: nothing is sent before the first pull, and return() without one sends nothing',
  async (api) => {
    using model = mockModel();
    const client = api.newClient({ baseURL: model.baseURL });

    const updates = client.send(question())[Symbol.asyncIterator]();
    const left = await updates.return?.();
    const after = await updates.next();

    expect([left?.done, after.done]).toEqual([true, true]);
    expect(model.requests).toHaveLength(0);
  },
);

test.each(bothApisOverAll)('$name: break closes the connection at once', async (api) => {
  await using model = await serveModel(reply(LONG, { chunkDelayMs: 10 }));
  const client = api.newClient({ baseURL: model.baseURL });

  for await (const update of client.send(question())) if (update.text !== '') break;

  await expectClosedByReader(model);
  expect(model.requests[0]!.chunksSent).toBeLessThan(10);
});

test.each(bothApisOverAll)(
  '$name: return() during a silence closes the connection and ends the pull that waits',
  async (api) => {
    await using model = await serveModel(reply(LONG, { fault: stallAfter({ chunks: 2 }) }));
    const client = api.newClient({ baseURL: model.baseURL });
    const updates = client.send(question())[Symbol.asyncIterator]();
    await pullTexts(updates, 2);

    const waiting = updates.next();
    await updates.return?.();

    expect(await waiting).toEqual({ done: true, value: undefined });
    await expectClosedByReader(model);
  },
);

test.each(bothApisOverAll)('$name: return() before the headers closes the connection', async (api) => {
  await using model = await serveModel(httpError(500, { delayMs: 60_000 }));
  const client = api.newClient({ baseURL: model.baseURL });
  const updates = client.send(question())[Symbol.asyncIterator]();

  const waiting = updates.next();
  await expect.poll(() => model.requests.length).toBe(1);
  await updates.return?.();

  expect(await waiting).toEqual({ done: true, value: undefined });
  await expectClosedByReader(model);
});

test.each(bothApisOverAll)(
  '$name: an abort during a silence rejects the pull with the very reason and closes',
  async (api) => {
    await using model = await serveModel(reply(LONG, { fault: stallAfter({ chunks: 2 }) }));
    const client = api.newClient({ baseURL: model.baseURL });
    const controller = new AbortController();
    const reason = new Error('enough');
    const updates = client.send(question({ signal: controller.signal }))[Symbol.asyncIterator]();
    await pullTexts(updates, 2);

    const waiting = updates.next();
    controller.abort(reason);

    await expect(waiting).rejects.toBe(reason);
    await expectClosedByReader(model);
    // The connection that broke off meanwhile changes nothing about it.
    await expect(updates.next()).rejects.toBe(reason);
  },
);

test.each(bothApisOverAll)(
  '$name: an abort before the headers rejects with the very reason, and nothing is retried',
  async (api) => {
    await using model = await serveModel(httpError(500, { delayMs: 60_000 }));
    const client = api.newClient({ baseURL: model.baseURL });
    const controller = new AbortController();
    const waiting = client
      .send(question({ signal: controller.signal }))
      [Symbol.asyncIterator]()
      .next();
    await expect.poll(() => model.requests.length).toBe(1);

    controller.abort('enough');

    await expect(waiting).rejects.toBe('enough');
    await expectClosedByReader(model);
    expect(model.requests).toHaveLength(1);
  },
);

test.each(bothApisOverAll)('$name: an abort during a whole answer rejects with the very reason', async (api) => {
  await using model = await serveModel(reply('Hello.', { fault: stallAfter({ bytes: 20 }) }));
  const client = api.newClient({ baseURL: model.baseURL });
  const controller = new AbortController();
  const waiting = client
    .send(question({ stream: false, signal: controller.signal }))
    [Symbol.asyncIterator]()
    .next();
  await expect.poll(() => model.requests[0]?.bytesSent).toBe(20);

  controller.abort('enough');

  await expect(waiting).rejects.toBe('enough');
  await expectClosedByReader(model);
});

test.each(bothApisOverAll)(
  '$name: an abort drops updates that are here already, and every later pull rejects too',
  async (api) => {
    await using model = await serveModel(reply(LONG, { cuts: whole }));
    const client = api.newClient({ baseURL: model.baseURL });
    const controller = new AbortController();
    const updates = client.send(question({ signal: controller.signal }))[Symbol.asyncIterator]();
    await pullTexts(updates, 1);

    controller.abort('enough');

    await expect(updates.next()).rejects.toBe('enough');
    await expect(updates.next()).rejects.toBe('enough');
  },
);

test.each(bothApisOverAll)(
  '$name: a signal that is aborted already sends nothing and rejects with its reason',
  async (api) => {
    using model = mockModel();
    const client = api.newClient({ baseURL: model.baseURL });

    const { error } = await outcomeOf(client.send(question({ signal: AbortSignal.abort('too late') })));

    expect(error).toBe('too late');
    expect(model.requests).toHaveLength(0);
  },
);

test.each(
  bothApisOverAll.flatMap((api) =>
    [
      { ending: 'an answer', step: reply('Hi.') },
      { ending: 'a cut', step: reply('Hi.', { fault: truncateAfter({ chunks: 1 }) }) },
      { ending: 'an HTTP error', step: httpError(401) },
    ].map((row) => ({ api, name: api.name, ...row })),
  ),
)('$name: one listener waits on the signal, and none after $ending', async ({ api, step }) => {
  using model = mockModel(step);
  const client = api.newClient({ baseURL: model.baseURL });
  const { signal } = new AbortController();

  const reading = outcomeOf(client.send(question({ signal })));
  const during = getEventListeners(signal, 'abort').length;
  await reading;

  expect(during).toBe(1);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test.each(bothApisOverAll)('$name: pulls that do not wait for each other get the updates in order', async (api) => {
  using model = mockModel(reply(['one', 'two', 'three', 'four'], { firstChunkDelayMs: 5 }));
  const client = api.newClient({ baseURL: model.baseURL });
  const updates = client.send(question())[Symbol.asyncIterator]();

  const pulls = [updates.next(), updates.next(), updates.next()];
  await pulls[0];
  pulls.push(updates.next(), updates.next());
  const seen = await Promise.all(pulls);
  await updates.return?.();

  const texts = seen.map((pull) => (pull.done === true ? null : pull.value.text));
  expect(texts).toEqual(['', 'one', 'two', 'three', 'four']);
});
