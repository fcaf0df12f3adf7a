// How the Chat Completions API writes an answer: chunks of deltas, a finish chunk, a usage chunk, [DONE].
import type { ErrorShape, ServiceError } from './faults.ts';
import type { ReplyUsage } from './reply.ts';
import { isObject, type JsonObject } from './request-body.ts';
import { type Answer, createdAt, type Frame, joinedText, type Wire } from './wire.ts';

export const chatCompletionsWire: Wire = {
  idPrefix: 'chatcmpl-',

  frames(answer) {
    const frames = [...azurePreamble(answer), chunk(answer, { role: 'assistant', content: '', refusal: null })];
    for (const part of answer.parts) {
      for (const text of part.chunks) {
        frames.push({ ...chunk(answer, part.type === 'text' ? { content: text } : { refusal: text }), isChunk: true });
      }
    }
    frames.push(chunk(answer, {}, answer.finishReason));
    if (wantsUsage(answer) && answer.usage !== null) {
      frames.push({ data: { ...envelope(answer), choices: [], usage: usageOf(answer.usage) }, isChunk: false });
    }
    return [...frames, { data: '[DONE]', isChunk: false }];
  },

  json(answer) {
    const textOf = (type: 'text' | 'refusal'): string | null => {
      const parts = answer.parts.filter((part) => part.type === type);
      return parts.length === 0 ? null : parts.map(joinedText).join('');
    };
    const message = { role: 'assistant', content: textOf('text'), refusal: textOf('refusal'), annotations: [] };
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
  // A service that will send a usage chunk announces it with a null on every other one.
  const usage = wantsUsage(answer) ? { usage: null } : {};
  return { data: { ...envelope(answer), choices, ...usage }, isChunk: false };
}

function envelope(answer: Answer, object = 'chat.completion.chunk'): JsonObject {
  return { id: answer.id, object, created: createdAt, model: answer.model };
}

function wantsUsage(answer: Answer): boolean {
  const options = answer.request.body['stream_options'];
  return isObject(options) && options['include_usage'] === true;
}

/** Azure deployments report on the prompt first, in a chunk without id and choices. */
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
  const said = { message, type: error.type ?? 'server_error', param: null, code };
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
