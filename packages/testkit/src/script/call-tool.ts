// Tool calls of a scripted model, alone or combined with text in one answer.
import type { CallPart, ReplyOptions, ReplyStep } from './reply.ts';

/** Arguments of a call: an object, sent as JSON in one fragment; raw text; or a list of fragments. */
export type CallArguments = Readonly<Record<string, unknown>> | string | readonly string[];

/** Options of a tool call. */
export interface CallOptions {
  /** Id of the call; by default `call_3_1` for the first call of the third answer. Null: the service sends none. */
  readonly callId?: string | null;
  /** Chat Completions only: the `index` it sends; the true one by default. Null: it sends none. */
  readonly index?: number | null;
  /** Sends the name after all arguments: on Chat Completions in a separate delta, on Responses in the done events. */
  readonly lateName?: boolean;
  /**
   * Where a stream carries the arguments. `deltas`, the default: one frame per fragment. `done`: on Responses, not
   * before `function_call_arguments.done`. `item`: on Responses, not before `output_item.done`. For the last two, Chat
   * Completions sends a single delta with id, name and arguments, as some servers do.
   */
  readonly argumentsIn?: 'deltas' | 'done' | 'item';
}

/** Options of `answer`. */
export interface AnswerOptions extends ReplyOptions {
  /** Adjacent calls begin together, and their fragments are interleaved. */
  readonly interleave?: boolean;
}

/**
 * The model calls a tool. The finish reason is `tool_calls` unless `finishReason` says otherwise.
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
 * Combines several replies, refusals and calls in one answer. Options of the parts apply to the whole answer: later
 * parts override earlier ones, and the options given here override all parts.
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
