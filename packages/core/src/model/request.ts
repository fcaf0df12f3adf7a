// What an agent asks of a client.

import type { JsonSchema } from '../checked/standard-schema.ts';
import type { Message } from '../message/message.ts';
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
  /**
   * Whether the model may, must or must not call tools, or which one it must call. Can be set without `tools`, because a
   * client may have its own.
   */
  readonly toolChoice?: ToolChoice;
  /** The shape the answer must have. */
  readonly output?: OutputDeclaration;
  /** Present when the service keeps the history: the conversation to continue, or null to start one. */
  readonly conversation?: { readonly id: string | null };
}
