// What the checks of a ChatClient are made of: a model to talk to, a request, and deadlines instead of hanging.
import type { ChatClient, ChatRequest, ChatUpdate } from '@turnstream/core';
import type { RecordedRequest } from './recorded-request.ts';
import type { Step } from './reply.ts';
import type { ScriptedModel } from './scripted-model.ts';
import { serveModel } from './serve-model.ts';

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

/** All updates of an answer that ends as it should. */
export function collect(client: ChatClient, fields: Partial<ChatRequest> = {}): Promise<ChatUpdate[]> {
  return Array.fromAsync(client.send(askFor(fields)));
}

/** Pulls until the first text; the iterator stays open. */
export async function untilText(iterator: AsyncIterator<ChatUpdate>): Promise<string> {
  for (let pull = await iterator.next(); pull.done !== true; pull = await iterator.next()) {
    if (pull.value.text !== '') return pull.value.text;
  }
  throw new Error('the answer ended without any text');
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

/** Whether the reader had left when the model was done. Rejects when the model still waits for its reader after 2 s. */
export async function leftEarly(request: RecordedRequest | undefined): Promise<boolean> {
  if (request === undefined) throw new Error('the model was never called');
  await within(2000, request.closed, 'the connection to the model to be closed');
  return request.closedEarly;
}

/** Rejects when the promise takes longer than a check may. */
export async function within<T>(ms: number, promise: Promise<T>, what: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`waited ${ms} ms for ${what}`)), ms);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
