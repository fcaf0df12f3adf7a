// A model behind the Responses API, which can also keep the conversation.
import type { ChatClient } from '@turnstream/core';
import type { BackgroundClient, ChatCall, ChatRequest } from '@turnstream/core/seams';
import { ModelCall } from '../call/model-call.ts';
import { checkedOptions, type ModelClientOptions, type SdkClient, sdkClient } from '../service/sdk-client.ts';
import { ResponsesDecoder } from './answer.ts';
import { ResponsesBackground } from './background.ts';
import { inputItems } from './items.ts';
import { OWNED_BY_RESPONSES, type ResponsesParameters, refuseRunSettings } from './parameters.ts';
import { IF_MISSING, responsesBody } from './request.ts';

/** Options of `OpenAIResponsesClient`: an SDK client as `client`, or the options to make one. */
export type OpenAIResponsesClientOptions = ModelClientOptions<ResponsesParameters>;

/**
 * A client for the Responses API: at OpenAI or at Azure (`client: new AzureOpenAI(...)`, or `baseURL` with
 * `/openai/v1`).
 *
 * The history is replayed and the service is asked to store nothing, unless the agent says `history: 'service'`.
 * `response.completed` or `response.incomplete` ends an answer. Retries and errors are those of
 * `OpenAIChatCompletionsClient`.
 *
 * Supports background runs. The service always keeps a background response for a while, OpenAI for about ten minutes or
 * for the project's data retention period, so `store` is left out. A retried start may leave an orphaned response at
 * the service; only the one whose answer arrived is ever polled.
 */
export class OpenAIResponsesClient implements ChatClient<ResponsesParameters> {
  readonly serviceHistory = true;
  readonly background: BackgroundClient;
  readonly #client: SdkClient;

  constructor(options: OpenAIResponsesClientOptions) {
    this.#client = sdkClient(checkedOptions(options), OWNED_BY_RESPONSES, refuseRunSettings);
    this.background = new ResponsesBackground(this.#client);
  }

  send(request: ChatRequest<ResponsesParameters>): ChatCall {
    const { newContext, callWith, post } = this.#client;
    const context = newContext(IF_MISSING);
    return new ModelCall({
      signal: request.signal,
      request: async (signal) => {
        const { base, headers } = callWith(request.settings);
        return post(
          '/responses',
          {
            messages: request.messages,
            form: '',
            encode: inputItems,
            bodyWith: (list) => responsesBody(base, request, list),
          },
          { signal, headers },
        );
      },
      answer: new ResponsesDecoder(context, request.conversation !== undefined),
      context,
      maxFrameChars: this.#client.maxFrameChars,
    });
  }
}
