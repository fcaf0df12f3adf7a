// A model behind the Responses API, which can also keep the conversation.
import type { ChatClient } from '@turnstream/core';
import type { BackgroundClient, ChatCall, ChatRequest } from '@turnstream/core/seams';
import { ModelCall } from '../call/model-call.ts';
import { type ModelClientOptions, type SdkClient, sdkClient } from '../service/sdk-client.ts';
import { ResponsesDecoder } from './answer.ts';
import { ResponsesBackground } from './background.ts';
import { OWNED_BY_RESPONSES, type ResponsesParameters, refuseTextFormat } from './parameters.ts';
import { isReasoningModel, type ResponsesBase, responsesBody } from './request.ts';

export type OpenAIResponsesClientOptions = ModelClientOptions<ResponsesParameters>;

/**
 * Speaks the Responses API, at OpenAI or at Azure (`client: new AzureOpenAI(...)`, or `baseURL` with its `/openai/v1`).
 *
 * Nothing is stored at the service and the history is replayed, unless the agent says `history: 'service'`. An answer is
 * finished by `response.completed` or `response.incomplete`. Retries and errors are those of `OpenAIChatCompletionsClient`.
 *
 * Works in the background, where the service stores the response in any case and keeps it for about ten minutes after its
 * end. A start that is retried may leave a response that nobody knows of; only the one that was answered is ever looked at.
 */
export class OpenAIResponsesClient implements ChatClient<ResponsesParameters> {
  readonly serviceHistory = true;
  readonly background: BackgroundClient;
  readonly #client: SdkClient;
  readonly #base: ResponsesBase;

  constructor(options: OpenAIResponsesClientOptions) {
    this.#client = sdkClient(options, OWNED_BY_RESPONSES);
    refuseTextFormat(options.parameters);
    // A deployment's name says nothing about its model; asking it to reason does.
    const reasons = isReasoningModel(options.model) || options.parameters?.reasoning != null;
    this.#base = { body: this.#client.base, reasons };
    this.background = new ResponsesBackground(this.#client, this.#base);
  }

  send(request: ChatRequest<ResponsesParameters>): ChatCall {
    const { sdk, newContext } = this.#client;
    const context = newContext();
    return new ModelCall({
      signal: request.signal,
      // Not `responses.create`: it serializes through a callback per value, which a long history pays for.
      request: async (signal) =>
        sdk.post('/responses', { body: responsesBody(this.#base, request), signal }).asResponse(),
      answer: new ResponsesDecoder(context, request.conversation !== undefined),
      context,
    });
  }
}
