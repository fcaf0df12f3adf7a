// Middleware around runs, model calls and tool calls: one concept for all three, in list order.
import type { Message } from '../message/message.ts';
import type { ChatRequest, ToolChoice } from '../model/request.ts';
import type { CallSettings } from '../model/settings.ts';
import type { ChatUpdate } from '../model/update.ts';
import type { AgentSession } from '../session/session.ts';
import type { Tool } from '../tools/tool.ts';

/**
 * One run of an agent. Pass a changed copy to `next`, for example `next({ ...call, context: [...call.context, note]
 * })`.
 */
export interface RunCall {
  /** The same for everything that belongs to one run. */
  readonly id: string;
  /** The agent's name. */
  readonly agent: string | null;
  readonly session: AgentSession | null;
  /** The earlier turns, as sent with every model call. */
  readonly history: readonly Message[];
  /**
   * Sent between the history and the question with every model call of the run, and never stored. In a run that answers
   * calls, it goes before the question that led to them; a service that keeps the conversation already has it there.
   */
  readonly context: readonly Message[];
  /** Sent, and stored with the answer. */
  readonly question: readonly Message[];
  readonly instructions: string | null;
  readonly tools: readonly Tool[];
  readonly toolChoice: ToolChoice;
  readonly settings: CallSettings;
  /** Whether the caller reads the answer as it arrives. */
  readonly stream: boolean;
  /** Aborted when the run ends early, with the reason. */
  readonly signal: AbortSignal;
}

/** One model call of a run. */
export interface ModelCall {
  readonly run: RunCall;
  readonly request: ChatRequest;
}

/** One tool call of a run, after argument validation. */
export interface ToolCall {
  readonly run: RunCall;
  readonly tool: Tool;
  readonly callId: string;
  /** The validated arguments, as `execute` gets them. */
  readonly input: unknown;
  /** Aborted when the run ends early or the tool's timeout passes. */
  readonly signal: AbortSignal;
  /** Reports progress to the reader, as a tool's own `report` does. */
  readonly report: (progress: unknown) => void;
}

/**
 * Wraps runs, model calls and tool calls; each method is optional. The first middleware of a list is the outermost:
 * it is called first and sees the result last. The agent's come before those of a run.
 *
 * `next` continues with the call, or with a changed copy of it, and may be called again after a failure. A method that
 * does not call it answers instead: then no model is called or no tool runs, and a run whose model was never called is
 * not stored. Nothing is buffered: an async generator that yields what it gets from `next` passes on each update as it
 * arrives. The stored turn is what the caller received.
 *
 * An error ends the run like an error of the model. An error from `tool` counts as the tool's failure; the model reads
 * a `ToolFailure`. When the run ends early, `signal` aborts and generators are closed, so that `finally` runs.
 *
 * @example
 * ```ts source="../../../samples/src/examples.ts#timed"
 * export const timed: Middleware = {
 *   async tool(call, next) {
 *     const startedAt = performance.now();
 *     const result = await next();
 *     console.log(`${call.tool.name}: ${Math.round(performance.now() - startedAt)} ms`);
 *     return result;
 *   },
 * };
 * ```
 */
export interface Middleware {
  run?(call: RunCall, next: (call?: RunCall) => AsyncIterable<ChatUpdate>): AsyncIterable<ChatUpdate>;
  model?(call: ModelCall, next: (call?: ModelCall) => AsyncIterable<ChatUpdate>): AsyncIterable<ChatUpdate>;
  /** Returns what the tool would: text for the model, or a value that becomes JSON. */
  tool?(call: ToolCall, next: (call?: ToolCall) => Promise<unknown>): unknown;
}

type Layer<Call, Result> = (call: Call, next: (call?: Call) => Result) => Result;

/** Composes the layers around the innermost function. */
export function compose<Call, Result>(
  layers: readonly Layer<Call, Result>[],
  innermost: (call: Call) => Result,
): (call: Call) => Result {
  return layers.reduceRight<(call: Call) => Result>(
    (next, layer) => (call) => layer(call, (changed) => next(changed ?? call)),
    innermost,
  );
}
