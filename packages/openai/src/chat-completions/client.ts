// A model behind the Chat Completions API, which every OpenAI-compatible service speaks.
import type { ChatClient } from '@turnstream/core';
import type { ChatCall, ChatRequest } from '@turnstream/core/seams';
import { ModelCall } from '../call/model-call.ts';
import { type ModelClientOptions, type SdkClient, sdkClient } from '../service/sdk-client.ts';
import { ChatDecoder } from './answer.ts';
import { type ChatCompletionsParameters, OWNED_BY_CHAT } from './parameters.ts';
import { chatBody } from './request.ts';

export type OpenAIChatCompletionsClientOptions = ModelClientOptions<ChatCompletionsParameters>;

/**
 * Speaks Chat Completions, at OpenAI, at Azure (`client: new AzureOpenAI(...)`) or at a compatible service (`baseURL`).
 *
 * An answer is finished by a `finish_reason` or `[DONE]`. Failed requests are retried by the SDK before the first byte,
 * `maxRetries` times (2); a wait of more than a minute is not slept through but thrown as `rate_limited`. The constructor
 * throws `config_invalid`; calls reject with the codes of `requestError`, with `not_a_stream`, `stream_malformed`,
 * `stream_truncated`, `response_failed`, or with the signal's reason.
 */
export class OpenAIChatCompletionsClient implements ChatClient<ChatCompletionsParameters> {
  readonly #client: SdkClient;

  constructor(options: OpenAIChatCompletionsClientOptions) {
    this.#client = sdkClient(options, OWNED_BY_CHAT);
  }

  send(request: ChatRequest<ChatCompletionsParameters>): ChatCall {
    const { sdk, base, newContext } = this.#client;
    const context = newContext();
    return new ModelCall({
      signal: request.signal,
      // Not `chat.completions.create`: it serializes through a callback per value, which a long history pays for.
      request: async (signal) => sdk.post('/chat/completions', { body: chatBody(base, request), signal }).asResponse(),
      answer: new ChatDecoder(context),
      context,
    });
  }
}
