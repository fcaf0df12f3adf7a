// The seam to a model: what an agent asks of a client, and what the client says back.

import type { JsonSchema } from '../checked/standard-schema.ts';
import { COMMENTARY, type Content, type Message, type Role, readableText } from '../message/message.ts';
import type { ResponseMetadata } from '../message/metadata.ts';
import type { AgentResponseUpdate, FinishReason } from '../message/update.ts';
import type { Usage } from '../message/usage.ts';
import type { BackgroundClient } from './background-client.ts';
import type { CallSettings } from './settings.ts';

/** A tool as the model sees it. */
export interface ToolDeclaration {
  readonly name: string;
  readonly description: string;
  readonly parameters: JsonSchema;
  /** The service should enforce the schema on the model's arguments, if it can. */
  readonly strict?: boolean;
}

/** Whether the model may, must or must not call tools, or the one tool it must call. */
export type ToolChoice = 'auto' | 'none' | 'required' | { readonly name: string };

/** A structured answer as the model is asked for it. */
export interface OutputDeclaration {
  readonly name: string;
  readonly schema: JsonSchema;
}

/** One model call, complete: a client adds nothing from anywhere else. */
export interface ChatRequest<Parameters extends object = object> {
  readonly messages: readonly Message[];
  /** Sent with this call, stored nowhere. */
  readonly instructions: string | null;
  /** Which wire to use: a streamed body, or one whole answer. */
  readonly stream: boolean;
  /** Aborting it closes the connection at once, also while the model is silent; pulls then reject with its reason. */
  readonly signal: AbortSignal;
  /** What the agent and the run say about the call, over the client's own settings. */
  readonly settings?: CallSettings<Parameters>;
  /** Tools the model may call; left out when there are none. */
  readonly tools?: readonly ToolDeclaration[];
  /** Whether the model may, must or must not call tools, or which one it must. Only with `tools`. */
  readonly toolChoice?: ToolChoice;
  /** The shape the answer must have. */
  readonly output?: OutputDeclaration;
  /** Present when the service keeps the history: the conversation to continue, or null to start one. */
  readonly conversation?: { readonly id: string | null };
}

/** An update as the client saw it, with what only the agent needs to know. */
export interface ChatUpdate extends AgentResponseUpdate {
  authorName: string | null;
  /** Id under which the service keeps the conversation; the agent remembers it when the turn succeeds. */
  readonly conversationId: string | null;
  /**
   * The model is working without output yet: it has begun to reason, or a hosted tool is running. Such an update resets
   * `firstUpdateMs` and `idleMs` as one with contents does.
   */
  readonly isWorking: boolean;
}

/** The updates of one model call, pulled one by one. */
export interface ChatUpdates extends AsyncIterator<ChatUpdate, unknown> {
  /**
   * The next update if it is here already and no pull waits; null says nothing, and the next pull does. A model's updates
   * come many in one read, and those that are here need no promise each.
   */
  takeReady?(): ChatUpdate | null;
}

/** One model call. */
export interface ChatCall extends AsyncIterable<ChatUpdate, unknown> {
  [Symbol.asyncIterator](): ChatUpdates;
}

/**
 * A model behind one method. `send` is lazy: nothing leaves before the first pull.
 *
 * The iterator ends normally only when the wire proved the answer finished; anything else rejects with an `AgentError`
 * (`stream_truncated` when the end is missing) or with `request.signal.reason`. `return()` closes the connection at once.
 */
export interface ChatClient<Parameters extends object = object> {
  send(request: ChatRequest<Parameters>): ChatCall;
  /** Set by clients whose service can keep the conversation (`history: 'service'`). */
  readonly serviceHistory?: true;
  /** The third mode, where the service can work without a connection. */
  readonly background?: BackgroundClient;
}

const NO_CONTENTS: readonly Content[] = [];

/** Builds a `ChatUpdate` with every field present. `text` is what is readable in the contents. */
export function chatUpdate(fields: {
  readonly contents?: readonly Content[];
  readonly role?: Role | null;
  readonly messageId?: string | null;
  readonly phase?: string | null;
  readonly responseId?: string | null;
  readonly finishReason?: FinishReason | null;
  readonly usage?: Usage | null;
  readonly metadata?: ResponseMetadata | null;
  readonly conversationId?: string | null;
  readonly isWorking?: boolean;
}): ChatUpdate {
  const contents = fields.contents ?? NO_CONTENTS;
  return {
    text: fields.phase === COMMENTARY ? '' : readableText(contents),
    contents,
    role: fields.role ?? null,
    messageId: fields.messageId ?? null,
    phase: fields.phase ?? null,
    responseId: fields.responseId ?? null,
    authorName: null,
    finishReason: fields.finishReason ?? null,
    usage: fields.usage ?? null,
    metadata: fields.metadata ?? null,
    conversationId: fields.conversationId ?? null,
    isWorking: fields.isWorking ?? false,
  };
}
