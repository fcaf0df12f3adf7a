// How the Chat Completions API writes an answer: chunks of deltas, a finish chunk, a usage chunk, [DONE].

import { isObject, type JsonObject } from '../request/body.ts';
import type { ErrorShape, ServiceError } from '../script/faults.ts';
import type { ReplyUsage } from '../script/reply.ts';
import { batchesOf, type CallItem, type OutputItem, takeTurns } from './output-items.ts';
import { type Answer, createdAt, type Frame, joinedText, type Wire } from './wire.ts';

export const chatCompletionsWire: Wire = {
  idPrefix: 'chatcmpl-',

  frames(answer) {
    const content = answer.items[0]?.type === 'function_call' ? null : '';
    const frames = [...azurePreamble(answer), chunk(answer, { role: 'assistant', content, refusal: null })];
    for (const batch of batchesOf(answer.items, answer.interleave)) {
      frames.push(...batch.flatMap((item) => openingFrames(answer, item)));
      frames.push(...takeTurns(batch.map((item) => chunkFrames(answer, item))));
    }
    frames.push(chunk(answer, {}, answer.finishReason));
    if (wantsUsage(answer) && answer.usage !== null) {
      frames.push({ data: { ...envelope(answer), choices: [], usage: usageOf(answer.usage) }, isChunk: false });
    }
    return [...frames, { data: '[DONE]', isChunk: false }];
  },

  json(answer) {
    const texts = answer.items.flatMap((item) => (item.type === 'message' ? item.parts : []));
    const textOf = (type: 'text' | 'refusal'): string | null => {
      const parts = texts.filter((part) => part.type === type);
      return parts.length === 0 ? null : parts.map(joinedText).join('');
    };
    const calls = answer.items.filter((item) => item.type === 'function_call').map(wholeCall);
    const message = {
      role: 'assistant',
      content: textOf('text'),
      refusal: textOf('refusal'),
      annotations: [],
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
    };
    return {
      ...envelope(answer, 'chat.completion'),
      choices: [{ index: 0, message, logprobs: null, finish_reason: answer.finishReason }],
      ...(answer.usage === null ? {} : { usage: usageOf(answer.usage) }),
    };
  },

  textFrame(answer, text) {
    return { ...chunk(answer, { content: text }), isChunk: false };
  },

  errorFrame(error, shape = 'nested') {
    return { ...(shape === 'named' ? { event: 'error' } : {}), data: errorData(error, shape), isChunk: false };
  },

  unknownFrame() {
    return { data: { object: 'chat.completion.surprise', note: 'not documented' }, isChunk: false };
  },

  failed() {
    throw new Error('responseFailed() exists on the Responses API only; use errorFrame() on Chat Completions');
  },

  number(frames) {
    return [...frames];
  },
};

function chunk(answer: Answer, delta: JsonObject, finishReason: string | null = null): Frame {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: finishReason }];
  // A service that will send a usage chunk sends `usage: null` on all others.
  const usage = wantsUsage(answer) ? { usage: null } : {};
  return { data: { ...envelope(answer), choices, ...usage }, isChunk: false };
}

/** The fields of a call that precede its arguments. */
function openingFrames(answer: Answer, item: OutputItem): Frame[] {
  if (item.type === 'message' || item.part.argumentsIn !== 'deltas') return [];
  const named = item.part.lateName ? {} : { name: item.part.name };
  return [chunk(answer, callDelta(item, { ...idOf(item), type: 'function', function: { ...named, arguments: '' } }))];
}

function chunkFrames(answer: Answer, item: OutputItem): Frame[] {
  const scripted = (delta: JsonObject): Frame => ({ ...chunk(answer, delta), isChunk: true });
  if (item.type === 'message') {
    return item.parts.flatMap(({ type, chunks }) =>
      chunks.map((text) => scripted(type === 'text' ? { content: text } : { refusal: text })),
    );
  }
  const { chunks, name, lateName, argumentsIn } = item.part;
  if (argumentsIn !== 'deltas') return [scripted(callDelta(item, wholeCall(item)))];
  const fragments = chunks.map((text) => scripted(callDelta(item, { function: { arguments: text } })));
  return lateName ? [...fragments, chunk(answer, callDelta(item, { function: { name } }))] : fragments;
}

function callDelta(item: CallItem, fields: JsonObject): JsonObject {
  return { tool_calls: [{ ...(item.index === null ? {} : { index: item.index }), ...fields }] };
}

function wholeCall(item: CallItem): JsonObject {
  return { ...idOf(item), type: 'function', function: { name: item.part.name, arguments: joinedText(item.part) } };
}

function idOf({ callId }: CallItem): JsonObject {
  return callId === null ? {} : { id: callId };
}

function envelope(answer: Answer, object = 'chat.completion.chunk'): JsonObject {
  return { id: answer.id, object, created: createdAt, model: answer.model };
}

function wantsUsage(answer: Answer): boolean {
  const options = answer.request.body['stream_options'];
  return isObject(options) && options['include_usage'] === true;
}

/** Azure deployments first send a chunk about the prompt, without id or choices. */
function azurePreamble(answer: Answer): Frame[] {
  if (!answer.request.path.includes('/openai/deployments/')) return [];
  const prompt_filter_results = [{ prompt_index: 0, content_filter_results: {} }];
  const data = { ...envelope(answer), id: '', model: '', choices: [], prompt_filter_results };
  return [{ data, isChunk: false }];
}

function usageOf(usage: ReplyUsage): JsonObject {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedInputTokens ?? 0 },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
  };
}

function errorData(error: ServiceError, shape: ErrorShape): JsonObject {
  const { code = 'server_error', message = 'The server had an error while processing your request.' } = error;
  const said = { message, type: error.type ?? 'server_error', param: error.param ?? null, code };
  switch (shape) {
    case 'nested':
      return { error: said };
    case 'flat':
      return { ...said, type: 'error' };
    case 'named':
      return { code, message };
    default:
      return shape satisfies never;
  }
}
