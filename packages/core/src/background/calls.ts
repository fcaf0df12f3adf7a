// Background responses as model calls, so that the tool loop can drive them: a pull waits until the response has ended,
// over as many looks at the service as that takes.

import { AgentError, isTransient } from '../errors.ts';
import type { Content } from '../message/message.ts';
import { type BackgroundClient, type BackgroundSnapshot, isOpen } from '../model/background-client.ts';
import type { ChatClient } from '../model/chat-client.ts';
import type { ChatRequest } from '../model/request.ts';
import type { ChatUpdate } from '../model/update.ts';

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

/** The end of a run that is cancelled after this response, before the next one. */
export function cancelledAfter(id: string): EndedWithoutAnswer {
  return new EndedWithoutAnswer({ id, status: 'cancelled', updates: [], error: null, retryAfterMs: null });
}

/** How a pull came out. */
export type PullOutcome = { readonly pulled: IteratorResult<ChatUpdate, unknown> } | { readonly failure: unknown };

/** Never rejects: nobody awaits a pull between two looks. */
export function outcomeOf(pull: Promise<IteratorResult<ChatUpdate, unknown>>): Promise<PullOutcome> {
  return pull.then(
    (pulled) => ({ pulled }),
    (failure: unknown) => ({ failure }),
  );
}

/** What one look at the service found without an answer: that it works on, or an error that the next look may not meet. */
export type LookOutcome = { readonly lookError: unknown } | null;

export class PolledModelCalls implements ChatClient {
  readonly #client: BackgroundClient;
  readonly #seen: (snapshot: BackgroundSnapshot) => void;
  #resumed: string | null;
  /** Resolves when a poll ends, and when another one should start. */
  #lookOver = Promise.withResolvers<LookOutcome>();
  #lookAgain = Promise.withResolvers<void>();
  /**
   * Set when the run should be cancelled: an answer that requests tools then does not count, and the tools do not run.
   */
  ignoresToolCalls = false;
  /** Set for a run with middleware, which may answer a refusal. Otherwise a request that was refused is sent again by the next look. */
  passesRefusals = false;

  /** The first call looks at the response `resumed` instead of starting one, unless that is null. */
  constructor(client: BackgroundClient, resumed: string | null, seen: (snapshot: BackgroundSnapshot) => void) {
    this.#client = client;
    this.#resumed = resumed;
    this.#seen = seen;
  }

  /** Lets the pull that waits look once. Resolves when it has, unless it finds an answer first: then the pull resolves. */
  look(): Promise<LookOutcome> {
    this.#lookOver = Promise.withResolvers();
    this.#lookAgain.resolve();
    return this.#lookOver.promise;
  }

  async *send(request: ChatRequest): AsyncGenerator<ChatUpdate, undefined> {
    const snapshot = await this.#ended(request);
    if (snapshot.status !== 'completed' && snapshot.status !== 'incomplete') throw new EndedWithoutAnswer(snapshot);
    yield* snapshot.updates;
    if (this.ignoresToolCalls && snapshot.updates.some(({ contents }) => contents.some(isCall))) {
      throw cancelledAfter(snapshot.id);
    }
  }

  /** The response once it has ended. Waits between looks, since what pulls it must not see that there are any. */
  async #ended(request: ChatRequest): Promise<BackgroundSnapshot> {
    let id = this.#resumed;
    this.#resumed = null;
    for (;;) {
      try {
        const snapshot = id === null ? await this.#client.start(request) : await this.#client.get(id, request);
        id = snapshot.id;
        this.#seen(snapshot);
        if (!isOpen(snapshot.status)) return snapshot;
        this.#lookOver.resolve(null);
      } catch (error) {
        if (id === null && this.passesRefusals && !isTransient(error)) throw error;
        this.#lookOver.resolve({ lookError: error });
      }
      this.#lookAgain = Promise.withResolvers();
      await this.#lookAgain.promise;
    }
  }
}

function isCall(content: Content): boolean {
  return content.type === 'function_call';
}
