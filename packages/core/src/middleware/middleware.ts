// What can be put around a run, a model call and a tool call: one concept for all three, in the order of a list.
import type { Message } from '../message/message.ts';
import type { ChatRequest, ChatUpdate, ToolChoice } from '../model/chat-client.ts';
import type { CallSettings } from '../model/settings.ts';
import type { AgentSession } from '../session/session.ts';
import type { Tool } from '../tools/tool.ts';

/** One run of an agent. Pass a changed copy to `next`, such as `next({ ...call, context: [...call.context, note] })`. */
export interface RunCall {
  /** The same for everything that belongs to one run. */
  readonly id: string;
  /** The agent's name. */
  readonly agent: string | null;
  readonly session: AgentSession | null;
  /** The earlier turns, as they are sent with every model call. */
  readonly history: readonly Message[];
  /** Sent between the history and the question with every model call of the run, and stored nowhere. */
  readonly context: readonly Message[];
  /** Sent, and stored with the answer. */
  readonly question: readonly Message[];
  readonly instructions: string | null;
  readonly tools: readonly Tool[];
  readonly toolChoice: ToolChoice;
  readonly settings: CallSettings;
  /** Whether the caller reads the answer while it comes. */
  readonly stream: boolean;
  /** Aborted when the run ends early, with the reason. */
  readonly signal: AbortSignal;
}

/** One model call of a run. */
export interface ModelCall {
  readonly run: RunCall;
  readonly request: ChatRequest;
}

/** One tool call of a run, after its arguments were checked. */
export interface ToolCall {
  readonly run: RunCall;
  readonly tool: Tool;
  readonly callId: string;
  /** The checked arguments, as `execute` gets them. */
  readonly input: unknown;
  /** Aborted when the run ends or the tool's timeout passes. */
  readonly signal: AbortSignal;
  /** Shows the reader how far the call is, as a tool's own `report` does. */
  readonly report: (progress: unknown) => void;
}

/**
 * Goes around runs, model calls and tool calls; each method is optional. The first middleware of a list is the outermost:
 * it is called first and sees the result last. The agent's come before those of a run.
 *
 * `next` continues with the call, or with a changed copy of it, and may be called again after a failure. A method that
 * does not call it answers in its place: then no model is called or no tool runs, and a run whose model was never called
 * is not stored. Nothing is buffered: an async generator that yields what it gets from `next` passes each update on as it
 * comes. What is stored of a run is what its caller received.
 *
 * An error ends the run like one of the model's. One from `tool` counts as the tool's failure; a `ToolFailure` is read by
 * the model. When the run ends early, `signal` is aborted and generators are left, so that `finally` runs.
 */
export interface Middleware {
  run?(call: RunCall, next: (call?: RunCall) => AsyncIterable<ChatUpdate>): AsyncIterable<ChatUpdate>;
  model?(call: ModelCall, next: (call?: ModelCall) => AsyncIterable<ChatUpdate>): AsyncIterable<ChatUpdate>;
  /** Returns what the tool would: text for the model, or a value that becomes JSON. */
  tool?(call: ToolCall, next: (call?: ToolCall) => Promise<unknown>): unknown;
}

type Layer<Call, Result> = (call: Call, next: (call?: Call) => Result) => Result;

/** The layers around the innermost, as one function. */
export function compose<Call, Result>(
  layers: readonly Layer<Call, Result>[],
  innermost: (call: Call) => Result,
): (call: Call) => Result {
  return layers.reduceRight<(call: Call) => Result>(
    (next, layer) => (call) => layer(call, (changed) => next(changed ?? call)),
    innermost,
  );
}
