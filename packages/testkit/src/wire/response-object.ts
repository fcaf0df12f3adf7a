// The `response` object of the Responses API: the first and last event of a stream, or the whole non-streamed answer.

import { isObject, type JsonObject } from '../request/body.ts';
import type { ServiceError } from '../script/faults.ts';
import type { ReplyUsage, TextPart } from '../script/reply.ts';
import type { CallItem, OutputItem } from './output-items.ts';
import { type Answer, createdAt, joinedText } from './wire.ts';

/** Why the answer is incomplete, in this API's words; null when it is complete. */
const incompleteReasons = {
  stop: null,
  tool_calls: null,
  length: 'max_output_tokens',
  content_filter: 'content_filter',
} as const;

export function responseObject(answer: Answer, state: 'queued' | 'in_progress' | 'done'): JsonObject {
  if (state !== 'done') return response(answer, { status: state, output: [], usage: null });
  const reason = incompleteReasons[answer.finishReason];
  return response(answer, {
    status: statusOf(answer),
    incomplete_details: reason === null ? null : { reason },
    output: answer.items.map((item) => outputItem(answer, item, 'done')),
    usage: usageOf(answer.usage),
  });
}

export function failedResponse(answer: Answer, error: ServiceError): JsonObject {
  const { code = 'server_error', message = 'The model had an internal problem.' } = error;
  return response(answer, { status: 'failed', error: { code, message }, output: [], usage: null });
}

export function cancelledResponse(answer: Answer): JsonObject {
  return response(answer, { status: 'cancelled', output: [], usage: null });
}

export function outputItem(answer: Answer, item: OutputItem, state: 'in_progress' | 'done'): JsonObject {
  const done = state === 'done';
  // Only the last item can be cut short.
  const ended = item === answer.items.at(-1) ? statusOf(answer) : 'completed';
  const status = done ? ended : 'in_progress';
  if (item.type === 'function_call') return callObject(item, status);
  const content = done ? item.parts.map((part) => contentPart(part.type, joinedText(part))) : [];
  return { type: 'message', id: item.id, role: 'assistant', status, content };
}

function callObject({ id, callId, part }: CallItem, status: string): JsonObject {
  const done = status !== 'in_progress';
  return {
    type: 'function_call',
    id,
    ...(callId === null ? {} : { call_id: callId }),
    name: done || !part.lateName ? part.name : '',
    arguments: done ? joinedText(part) : '',
    status,
  };
}

export function contentPart(type: TextPart['type'], text: string): JsonObject {
  return type === 'text'
    ? { type: 'output_text', text, annotations: [], logprobs: [] }
    : { type: 'refusal', refusal: text };
}

function statusOf(answer: Answer): 'completed' | 'incomplete' {
  return incompleteReasons[answer.finishReason] === null ? 'completed' : 'incomplete';
}

/** The fields a service echoes from the request or fills with defaults; `known` supplies the rest. */
function response(answer: Answer, known: JsonObject): JsonObject {
  const { body, instructions } = answer.request;
  return {
    id: answer.id,
    object: 'response',
    created_at: createdAt,
    status: 'in_progress',
    background: answer.background,
    error: null,
    incomplete_details: null,
    instructions,
    model: answer.model,
    output: [],
    parallel_tool_calls: true,
    previous_response_id: body['previous_response_id'] ?? null,
    ...conversationOf(body['conversation']),
    store: body['store'] ?? true,
    tool_choice: body['tool_choice'] ?? 'auto',
    tools: body['tools'] ?? [],
    usage: null,
    ...known,
  };
}

/** Present only when the response belongs to a conversation. */
function conversationOf(sent: unknown): JsonObject {
  if (typeof sent === 'string') return { conversation: { id: sent } };
  return isObject(sent) ? { conversation: { id: sent['id'] } } : {};
}

function usageOf(usage: ReplyUsage | null): JsonObject | null {
  if (usage === null) return null;
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: { cached_tokens: usage.cachedInputTokens ?? 0 },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}
