// Ours: the plugin with all of its guards, and a whole agent run for each request. Its model answers in memory.
import type { AddressInfo } from 'node:net';
import { type ChatClient, type Message, textOf } from '@turnstream/core';
import { type ChatUpdate, type ChatUpdates, chatUpdate } from '@turnstream/core/seams';
import { createApp } from '@turnstream/server';
import type { Served } from './server.ts';
import { type Kept, openStore } from './store.ts';
import { Words } from './words.ts';

const ENOUGH = 10_000_000;

export async function agentServer(kept: Kept): Promise<Served> {
  await using opened = new AsyncDisposableStack();
  const store = await openStore(kept, opened);
  const token = crypto.randomUUID();
  const app = await createApp({
    agent: { client },
    store,
    identity: { token },
    // One user takes the place of many here.
    ceilings: { requestsPerMinute: ENOUGH, streamsPerUser: ENOUGH, streams: ENOUGH, sessionsPerUser: ENOUGH },
    guards: { maxBytes: ENOUGH * 100 },
    logger: { level: 'warn' },
  });
  opened.defer(() => app.close());
  await app.listen({ host: '127.0.0.1', port: 0, backlog: 5_000 });
  const running = opened.move();
  return {
    port: (app.server.address() as AddressInfo).port,
    token,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

const client: ChatClient = { send: ({ messages }) => ({ [Symbol.asyncIterator]: () => new Answer(messages.at(-1)) }) };

/** As a client over a network gives it: what has arrived is taken without a promise. */
class Answer implements ChatUpdates {
  readonly #words: Words;
  #state: 'new' | 'begun' | 'ended' = 'new';

  constructor(question: Message | undefined) {
    this.#words = new Words(question === undefined ? '' : textOf(question));
  }

  async next(): Promise<IteratorResult<ChatUpdate, undefined>> {
    if (this.#state === 'ended') return { done: true, value: undefined };
    return { done: false, value: this.takeReady() ?? wordUpdate(await this.#words.wait()) };
  }

  takeReady(): ChatUpdate | null {
    if (this.#state === 'new') {
      this.#state = 'begun';
      return chatUpdate({ role: 'assistant', responseId: 'resp_1', messageId: 'msg_1' });
    }
    if (this.#state === 'begun' && this.#words.isOver) {
      this.#state = 'ended';
      return chatUpdate({ finishReason: 'stop' });
    }
    const word = this.#state === 'ended' ? null : this.#words.ready();
    return word === null ? null : wordUpdate(word);
  }
}

function wordUpdate(text: string): ChatUpdate {
  return chatUpdate({ contents: [{ type: 'text', text }], messageId: 'msg_1' });
}
