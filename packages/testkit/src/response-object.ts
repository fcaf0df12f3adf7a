// The `response` object of the Responses API, which opens and closes a stream and is the whole answer without one.
import type { ServiceError } from './faults.ts';
import type { ReplyPart, ReplyUsage } from './reply.ts';
import { isObject, type JsonObject } from './request-body.ts';
import { type Answer, createdAt, joinedText } from './wire.ts';

/** What stopped the model, in this API's words; null when nothing did. */
const incompleteReasons = { stop: null, length: 'max_output_tokens', content_filter: 'content_filter' } as const;

export function responseObject(answer: Answer, state: 'in_progress' | 'done'): JsonObject {
  if (state === 'in_progress') return response(answer, { status: 'in_progress', output: [], usage: null });
  const reason = incompleteReasons[answer.finishReason];
  return response(answer, {
    status: statusOf(answer),
    incomplete_details: reason === null ? null : { reason },
    output: [messageItem(answer, 'done')],
    usage: usageOf(answer.usage),
  });
}

export function failedResponse(answer: Answer, error: ServiceError): JsonObject {
  const { code = 'server_error', message = 'The model had an internal problem.' } = error;
  return response(answer, { status: 'failed', error: { code, message }, output: [], usage: null });
}

export function messageItem(answer: Answer, state: 'in_progress' | 'done'): JsonObject {
  const done = state === 'done';
  return {
    type: 'message',
    id: `msg_${answer.number}`,
    role: 'assistant',
    status: done ? statusOf(answer) : 'in_progress',
    content: done ? answer.parts.map((part) => contentPart(part.type, joinedText(part))) : [],
  };
}

export function contentPart(type: ReplyPart['type'], text: string): JsonObject {
  return type === 'text'
    ? { type: 'output_text', text, annotations: [], logprobs: [] }
    : { type: 'refusal', refusal: text };
}

function statusOf(answer: Answer): 'completed' | 'incomplete' {
  return answer.finishReason === 'stop' ? 'completed' : 'incomplete';
}

/** The fields a service echoes from the request or fills with its defaults; `known` says the rest. */
function response(answer: Answer, known: JsonObject): JsonObject {
  const { body, instructions } = answer.request;
  return {
    id: answer.id,
    object: 'response',
    created_at: createdAt,
    status: 'in_progress',
    background: false,
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

/** Only a response that belongs to a conversation names it. */
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
