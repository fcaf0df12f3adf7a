// Tool calls of a scripted model, alone or in one answer together with text.
import type { CallPart, ReplyOptions, ReplyStep } from './reply.ts';

/** Arguments of a call: an object, written as JSON in one fragment; raw text, whatever it is; or a list of fragments. */
export type CallArguments = Readonly<Record<string, unknown>> | string | readonly string[];

export interface CallOptions {
  /** Id of the call; `call_3_1` for the first call of the third answer unless told. Null: the service sends none. */
  readonly callId?: string | null;
  /** Chat Completions only: the place it claims among the calls. Null: it claims none. Unless told, the true one. */
  readonly index?: number | null;
  /** The name comes after all arguments: on Chat Completions in a delta of its own, on Responses in the done events. */
  readonly lateName?: boolean;
  /**
   * Where a stream carries the arguments. `deltas`, the default: one frame per fragment. `done`: on Responses only in
   * `function_call_arguments.done` and what follows. `item`: on Responses only in `output_item.done` and what follows.
   * Chat Completions has a single delta with id, name and arguments for the last two, as some servers send it.
   */
  readonly argumentsIn?: 'deltas' | 'done' | 'item';
}

export interface AnswerOptions extends ReplyOptions {
  /** Calls next to each other begin together, and their fragments take turns. */
  readonly interleave?: boolean;
}

/**
 * The model calls a tool. It stops because of `tool_calls` unless `finishReason` says otherwise.
 *
 * @example
 * callTool('get_weather', { city: 'Oslo' })
 * callTool('get_weather', ['{"city":', '"Oslo"}'], { callId: 'call_a' })
 * callTool('get_weather', '{"city":"Os', { finishReason: 'length' })
 */
export function callTool(name: string, args: CallArguments, options: CallOptions & ReplyOptions = {}): ReplyStep {
  const { callId, index, lateName = false, argumentsIn = 'deltas', ...rest } = options;
  const part: CallPart = {
    type: 'function_call',
    name,
    chunks: fragmentsOf(args),
    callId,
    index,
    lateName,
    argumentsIn,
  };
  return { kind: 'reply', parts: [part], ...rest };
}

/**
 * Several replies, refusals and calls as the parts of one answer. Options of the parts count for all of it; of two that
 * differ the later one does, and those given here before any other.
 *
 * @example
 * answer([reply('Let me look.'), callTool('get_weather', { city: 'Oslo' }), callTool('get_weather', { city: 'Lima' })])
 */
export function answer(parts: readonly ReplyStep[], options: AnswerOptions = {}): ReplyStep {
  const merged: ReplyStep = Object.assign({}, ...parts, options);
  return { ...merged, kind: 'reply', parts: parts.flatMap((step) => step.parts) };
}

function fragmentsOf(args: CallArguments): readonly string[] {
  if (typeof args === 'string') return [args];
  return isFragments(args) ? args : [JSON.stringify(args)];
}

function isFragments(args: CallArguments): args is readonly string[] {
  return Array.isArray(args);
}
