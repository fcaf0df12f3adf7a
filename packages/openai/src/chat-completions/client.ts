// A model behind the Chat Completions API, which every OpenAI-compatible service speaks.
import type { ChatClient } from '@turnstream/core';
import { asText, type ChatCall, type ChatRequest } from '@turnstream/core/seams';
import { ModelCall } from '../call/model-call.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { checkService, profileOf, type ServiceName, type ServiceProfile, serviceAt } from '../service/profile.ts';
import { checkedOptions, type ModelClientOptions, type SdkClient, sdkClient } from '../service/sdk-client.ts';
import { ChatDecoder } from './answer.ts';
import { type ChatCompletionsParameters, OWNED_BY_CHAT } from './parameters.ts';
import { type ChatBase, chatBody, chatMessages } from './request.ts';

/** Options of `OpenAIChatCompletionsClient`: an SDK client as `client`, or the options to make one. */
export type OpenAIChatCompletionsClientOptions = ModelClientOptions<ChatCompletionsParameters> & {
  /**
   * Which service it is, if the address does not tell: it decides what requests may contain
   * (`docs/reference/services.md`).
   */
  readonly service?: ServiceName;
};

/**
 * A client for the Chat Completions API: at OpenAI, at Azure (`client: new AzureOpenAI(...)`) or at a compatible
 * service (`baseURL`).
 *
 * A `finish_reason` or `[DONE]` ends an answer. The SDK retries failed requests until the first byte, `maxRetries`
 * times (2 by default); if the service asks for a wait of more than a minute, the call rejects with `rate_limited`
 * instead. The constructor throws `config_invalid`; calls reject with the codes of `requestError`, with `not_a_stream`,
 * `stream_malformed`, `stream_truncated`, `response_failed`, or with the signal's reason.
 */
export class OpenAIChatCompletionsClient implements ChatClient<ChatCompletionsParameters> {
  readonly #client: SdkClient;
  readonly #service: ServiceName | undefined;
  /** Set once an unknown server has refused a schema: it is asked in JSON mode from then on. */
  #onlyJsonMode = false;

  constructor(given: OpenAIChatCompletionsClientOptions) {
    const { service, ...options } = checkedOptions(given);
    checkService(service);
    this.#client = sdkClient(options, OWNED_BY_CHAT);
    this.#service = service;
  }

  send(request: ChatRequest<ChatCompletionsParameters>): ChatCall {
    const context = this.#client.newContext();
    return new ModelCall({
      signal: request.signal,
      request: (signal) => this.#request(request, signal),
      answer: new ChatDecoder(context),
      context,
      maxFrameChars: this.#client.maxFrameChars,
    });
  }

  async #request(request: ChatRequest, signal: AbortSignal): Promise<Response> {
    const { sdk, callWith, post: postConversation } = this.#client;
    const { base, headers } = callWith(request.settings);
    const post = (profile: ServiceProfile): Promise<Response> =>
      postConversation('/chat/completions', conversationOf(base, request, profile), { signal, headers });
    const profile = profileOf(this.#service, sdk.baseURL, base.model);
    const isUnknown = this.#service === undefined && serviceAt(sdk.baseURL) === 'compatible';
    const jsonMode: ServiceProfile = { ...profile, output: 'json_object' };
    try {
      return await post(this.#onlyJsonMode ? jsonMode : profile);
    } catch (error) {
      if (request.output === undefined || !isUnknown || this.#onlyJsonMode || !refusesSchema(error)) throw error;
      this.#onlyJsonMode = true;
      return post(jsonMode);
    }
  }
}

function conversationOf(base: ChatBase, request: ChatRequest, profile: ServiceProfile): Conversation {
  return {
    messages: request.messages,
    form: JSON.stringify(profile),
    encode: (messages) => chatMessages(messages, profile),
    bodyWith: (list) => chatBody(base, request, profile, list),
  };
}

/** The error of a request that was refused because of its `response_format`. */
function refusesSchema(error: unknown): boolean {
  if (!(error instanceof Error) || !('status' in error) || (error.status !== 400 && error.status !== 422)) return false;
  return /response_format|json_schema/.test(asText(error.message) ?? '');
}
