// A model of no provider: it answers with the parts it is given, and remembers how it was called.
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import type { ChatRequest, ChatUpdate } from '@turnstream/core/seams';
import { AISDKClient, type AISDKClientOptions, type AISDKParameters } from '../src/index.ts';

export interface StubModel extends LanguageModelV4 {
  readonly calls: LanguageModelV4CallOptions[];
}

/** Each call takes the next answer: parts, or what it fails with. */
export function stubModel(...answers: readonly (readonly LanguageModelV4StreamPart[] | Error)[]): StubModel {
  const calls: LanguageModelV4CallOptions[] = [];
  return {
    specificationVersion: 'v4',
    provider: 'stub.chat',
    modelId: 'stub-1',
    supportedUrls: { 'image/*': [/^https:\/\/pictures\.example\//], 'application/pdf': [/./] },
    calls,
    doGenerate: () => Promise.reject(new Error('The stub only streams.')),
    async doStream(options) {
      calls.push(options);
      const answer = answers[calls.length - 1];
      if (answer instanceof Error) throw answer;
      return { stream: ReadableStream.from(answer ?? []) };
    },
  };
}

/** An error as the AI SDK's are: told by its name. */
export function named(name: string, message = 'It failed', fields: object = {}): Error {
  return Object.assign(new Error(message), { name }, fields);
}

export function finish(
  unified: LanguageModelV4FinishReason['unified'] = 'stop',
  raw?: string,
): LanguageModelV4StreamPart {
  const inputTokens = { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined };
  const outputTokens = { total: undefined, text: undefined, reasoning: undefined };
  return { type: 'finish', finishReason: { unified, raw }, usage: { inputTokens, outputTokens } };
}

/** A text as a stream has it. */
export function said(text: string): LanguageModelV4StreamPart[] {
  return [
    { type: 'text-start', id: '0' },
    { type: 'text-delta', id: '0', delta: text },
    { type: 'text-end', id: '0' },
  ];
}

export function clientOf(model: LanguageModelV4, options: Partial<AISDKClientOptions> = {}): AISDKClient {
  return new AISDKClient({ model, maxRetries: 0, ...options });
}

export function asking(fields: Partial<ChatRequest<AISDKParameters>> = {}): ChatRequest<AISDKParameters> {
  return {
    messages: [{ role: 'user', contents: 'Hello' }],
    instructions: null,
    stream: true,
    signal: new AbortController().signal,
    ...fields,
  };
}

/** All updates of a call. */
export function updatesOf(
  model: LanguageModelV4,
  fields: Partial<ChatRequest<AISDKParameters>> = {},
  options: Partial<AISDKClientOptions> = {},
): Promise<ChatUpdate[]> {
  return Array.fromAsync(clientOf(model, options).send(asking(fields)));
}
