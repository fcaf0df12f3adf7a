// Background responses as model calls, so that the tool loop can drive them: each pull is one look at the service.

import { AgentError } from '../errors.ts';
import type { Content } from '../message/message.ts';
import { type BackgroundClient, type BackgroundSnapshot, isOpen } from '../model/background-client.ts';
import { type ChatClient, type ChatRequest, type ChatUpdate, chatUpdate } from '../model/chat-client.ts';

/** Says that the service is still working; it carries nothing. */
const WORKING: ChatUpdate = chatUpdate({});

export function isWorking(update: ChatUpdate): boolean {
  return update === WORKING;
}

/** A response that ended other than with an answer. Thrown through the tool loop, since its calls must not run. */
export class EndedWithoutAnswer extends Error {
  readonly snapshot: BackgroundSnapshot;

  constructor(snapshot: BackgroundSnapshot) {
    super(`background response ${snapshot.status}`);
    this.snapshot = snapshot;
  }

  /** The error the caller gets; null for a cancelled run, which is not an error. */
  toError(): AgentError | null {
    const { id, status, error } = this.snapshot;
    if (status === 'cancelled') return null;
    if (status === 'expired') {
      return new AgentError('background_expired', `The service no longer has response ${id}. Start the run again.`);
    }
    return (
      error ?? new AgentError('response_failed', `Background response ${id} failed, and the service did not say why.`)
    );
  }
}

export class PolledModelCalls implements ChatClient {
  readonly #client: BackgroundClient;
  readonly #seen: (snapshot: BackgroundSnapshot) => void;
  #resumed: string | null;
  /** Set when the run is to be cancelled: an answer that asks for tools is then no answer, and they do not run. */
  ignoresToolCalls = false;

  /** The first call looks at the response `resumed` instead of starting one, unless that is null. */
  constructor(client: BackgroundClient, resumed: string | null, seen: (snapshot: BackgroundSnapshot) => void) {
    this.#client = client;
    this.#resumed = resumed;
    this.#seen = seen;
  }

  send(request: ChatRequest): AsyncIterable<ChatUpdate> {
    let id = this.#resumed;
    this.#resumed = null;
    let answer: ChatUpdate[] | null = null;
    const next = async (): Promise<IteratorResult<ChatUpdate, undefined>> => {
      if (answer === null) {
        const snapshot = id === null ? await this.#client.start(request) : await this.#client.get(id, request);
        id = snapshot.id;
        this.#seen(snapshot);
        if (isOpen(snapshot.status)) return { done: false, value: WORKING };
        if (snapshot.status !== 'completed' && snapshot.status !== 'incomplete') throw new EndedWithoutAnswer(snapshot);
        if (this.ignoresToolCalls && snapshot.updates.some(({ contents }) => contents.some(isCall))) {
          throw new EndedWithoutAnswer({ ...snapshot, status: 'cancelled' });
        }
        answer = [...snapshot.updates];
      }
      const update = answer.shift();
      return update === undefined ? { done: true, value: undefined } : { done: false, value: update };
    };
    return { [Symbol.asyncIterator]: () => ({ next }) };
  }
}

function isCall(content: Content): boolean {
  return content.type === 'function_call';
}
