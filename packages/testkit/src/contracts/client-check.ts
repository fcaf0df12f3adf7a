// What the checks of a ChatClient are made of: a model to talk to, a request, and deadlines instead of hanging.
import { setTimeout } from 'node:timers/promises';
import type { ChatClient } from '@turnstream/core';
import type { ChatRequest, ChatUpdate } from '@turnstream/core/seams';
import type { ScriptedModel } from '../model/scripted.ts';
import { serveModel } from '../model/serve.ts';
import type { RecordedRequest } from '../request/recorded.ts';
import type { Step } from '../script/reply.ts';

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

/** Checks by the sentence they prove. Each rejects when the client breaks it. */
export type ClientChecks = Readonly<Record<string, (makeClient: MakeChatClient) => Promise<void>>>;

/** Everything is on this machine; what takes longer than this does not come. */
const checkWaitMs = 2000;

export interface Rig extends AsyncDisposable {
  readonly client: ChatClient;
  readonly model: ScriptedModel;
}

/** A client in front of a model with this script. Disposing checks that the script was used up. */
export async function rig(makeClient: MakeChatClient, ...steps: readonly Step[]): Promise<Rig> {
  const model = await serveModel(...steps);
  const { baseURL, origin } = model;
  const client = await makeClient({ baseURL, origin, model: 'contract-model' });
  return { client, model, [Symbol.asyncDispose]: () => model[Symbol.asyncDispose]() };
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

/** All updates of an answer that ends as it should. Rejects when it does not end. */
export function collect(client: ChatClient, fields: Partial<ChatRequest> = {}): Promise<ChatUpdate[]> {
  return inTime(Array.fromAsync(client.send(askFor(fields))), 'the answer to end');
}

/** Pulls until the first text; the iterator stays open. */
export async function untilText(iterator: AsyncIterator<ChatUpdate>): Promise<string> {
  for (;;) {
    const pull = await inTime(iterator.next(), 'the first text');
    if (pull.done === true) throw new Error('the answer ended without any text');
    if (pull.value.text !== '') return pull.value.text;
  }
}

/** Closes an answer early, as `break` does. */
export async function closeEarly(iterator: AsyncIterator<ChatUpdate>): Promise<void> {
  if (iterator.return === undefined) throw new Error('the iterator has no return(), so `break` cannot close it');
  await inTime(iterator.return(), 'return() to settle');
}

/** Settles when the model has been called. */
export async function called(model: ScriptedModel): Promise<void> {
  const deadline = performance.now() + checkWaitMs;
  while (model.requests.length === 0) {
    if (performance.now() > deadline) throw new Error('the model was never called');
    await setTimeout(2);
  }
}

export function textOf(updates: readonly ChatUpdate[]): string {
  return updates.map((update) => update.text).join('');
}

/** The last value that is not null, as a reader of the updates would know it. */
export function lastKnown<Key extends keyof ChatUpdate>(
  updates: readonly ChatUpdate[],
  key: Key,
): ChatUpdate[Key] | null {
  return updates.findLast((update) => update[key] !== null)?.[key] ?? null;
}

/** Whether the reader had left when the model was done. Rejects when the model still waits for its reader. */
export async function leftEarly(request: RecordedRequest | undefined): Promise<boolean> {
  if (request === undefined) throw new Error('the model was never called');
  await inTime(request.closed, 'the connection to the model to be closed');
  return request.closedEarly;
}

/** What the promise rejects with. Itself rejects when the promise does not fail, or does not settle. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await inTime(promise, 'the failure');
  } catch (error) {
    return error;
  }
  throw new Error('it ended as if nothing had failed');
}

/** Rejects when a client lets a check wait: hanging is a broken promise too. */
export async function inTime<T>(promise: Promise<T>, what: string): Promise<T> {
  const settled = new AbortController();
  const late = setTimeout(checkWaitMs, undefined, { signal: settled.signal }).then(() => {
    throw new Error(`waited ${checkWaitMs} ms for ${what}`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    settled.abort();
    late.catch(() => {});
  }
}
