// What the ChatClient checks share: a model to talk to, a request, and waits with a deadline.
import type { ChatClient } from '@turnstream/core';
import type { ChatRequest, ChatUpdate } from '@turnstream/core/seams';
import type { ScriptedModel } from '../model/scripted.ts';
import { serveModel } from '../model/serve.ts';
import type { RecordedRequest } from '../request/recorded.ts';
import type { Step } from '../script/step.ts';
import { type InTime, TimedOut, until } from './deadline.ts';

/** Where the client under test finds its model. It speaks both APIs. */
export interface ClientTarget {
  /** With `/v1`: the base URL of an OpenAI client. */
  readonly baseURL: string;
  /** Without a path: the endpoint of an Azure client. */
  readonly origin: string;
  /** Name of the model to ask for. */
  readonly model: string;
}

/** Makes a client that does not retry: each check counts the requests it causes. */
export type MakeChatClient = (target: ClientTarget) => ChatClient | Promise<ChatClient>;

/** Connects a client to a model with this script. */
export type OpenRig = (...steps: readonly Step[]) => Promise<ClientRig>;

/** Checks, keyed by the sentence they prove. Each rejects when the client breaks it. */
export type ClientChecks = Readonly<Record<string, (open: OpenRig) => Promise<void>>>;

export function runClientCheck(check: ClientChecks[string], makeClient: MakeChatClient, inTime: InTime): Promise<void> {
  const open: OpenRig = async (...steps) => {
    const model = await serveModel(...steps);
    const { baseURL, origin } = model;
    const client = await makeClient({ baseURL, origin, model: 'contract-model' });
    return new ClientRig(client, model, inTime);
  };
  return inTime(check(open), 'the client');
}

/** A client connected to a model. Disposing checks that the script was used up. */
export class ClientRig implements AsyncDisposable {
  readonly client: ChatClient;
  readonly model: ScriptedModel & AsyncDisposable;
  readonly inTime: InTime;

  constructor(client: ChatClient, model: ScriptedModel & AsyncDisposable, inTime: InTime) {
    this.client = client;
    this.model = model;
    this.inTime = inTime;
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.model[Symbol.asyncDispose]();
  }

  /** All updates of an answer that ends normally. Rejects when it does not end. */
  collect(fields: Partial<ChatRequest> = {}): Promise<ChatUpdate[]> {
    return this.inTime(Array.fromAsync(this.client.send(askFor(fields))), 'the answer to end');
  }

  /** Pulls until the first text; the iterator stays open. */
  async untilText(iterator: AsyncIterator<ChatUpdate>): Promise<string> {
    for (;;) {
      const pull = await this.inTime(iterator.next(), 'the first text');
      if (pull.done === true) throw new Error('the answer ended without any text');
      if (pull.value.text !== '') return pull.value.text;
    }
  }

  /** Closes an answer early, as `break` does. */
  async closeEarly(iterator: AsyncIterator<unknown>): Promise<void> {
    if (iterator.return === undefined) throw new Error('the iterator has no return(), so `break` cannot close it');
    await this.inTime(iterator.return(), 'return() to settle');
  }

  /** Settles when the model has been called. */
  called(): Promise<void> {
    return until(() => this.model.requests.length > 0, this.inTime, 'the model to be called');
  }

  /** Whether the reader left before the model was done. Rejects while the model still waits for its reader. */
  async leftEarly(request: RecordedRequest | undefined): Promise<boolean> {
    if (request === undefined) throw new Error('the model was never called');
    await this.inTime(request.closed, 'the connection to the model to be closed');
    return request.closedEarly;
  }

  /** The reason the promise rejects with. Rejects itself when the promise fulfils or does not settle. */
  async failureOf(promise: Promise<unknown>): Promise<unknown> {
    const failure = promise.then(
      () => {
        throw new Error('it ended as if nothing had failed');
      },
      (error: unknown) => {
        if (error instanceof TimedOut) throw error;
        return error;
      },
    );
    return this.inTime(failure, 'the failure');
  }
}

export function askFor(fields: Partial<ChatRequest> = {}): ChatRequest {
  return {
    messages: [{ role: 'user', contents: 'What is Python?' }],
    instructions: 'Be brief.',
    stream: true,
    signal: new AbortController().signal,
    ...fields,
  };
}

export function textOf(updates: readonly ChatUpdate[]): string {
  return updates.map((update) => update.text).join('');
}

/** The last value that is not null, which is what a reader of the updates ends up with. */
export function lastKnown<Key extends keyof ChatUpdate>(
  updates: readonly ChatUpdate[],
  key: Key,
): ChatUpdate[Key] | null {
  return updates.findLast((update) => update[key] !== null)?.[key] ?? null;
}
