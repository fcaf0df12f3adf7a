// A model of any provider of the AI SDK.
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { AgentError, type ChatClient } from '@turnstream/core';
import { type ChatCall, type ChatRequest, redactorFor } from '@turnstream/core/seams';
import { AnswerDecoder, type OnWarning } from './answer/decoder.ts';
import { ProviderCall } from './call/provider-call.ts';
import { checkRetries, retried } from './call/retries.ts';
import { type AISDKParameters, checkParameters } from './parameters.ts';
import { callOptions } from './prompt/call-options.ts';

/** Creates a model from its name: a provider, such as `anthropic`. */
export interface ModelProvider {
  languageModel(modelId: string): LanguageModelV4;
}

/** Options of `AISDKClient`. */
export interface AISDKClientOptions {
  /** A model of any provider, such as `anthropic('claude-sonnet-4-5')`. */
  readonly model: LanguageModelV4;
  /** The provider itself. Needed when an agent or a run names another model. */
  readonly provider?: ModelProvider | undefined;
  /** Sent with every request. */
  readonly parameters?: AISDKParameters | undefined;
  /** How often a request that failed before the answer began is retried: 2 by default. */
  readonly maxRetries?: number | undefined;
  /**
   * Receives the provider's warnings about a call, for example about a setting that the model does not have. Without
   * it, a setting that the provider ignored ends the call with `input_invalid`; with it, the call continues.
   */
  readonly onWarning?: OnWarning | undefined;
}

/**
 * A client for any model of the AI SDK (`LanguageModelV4`): Anthropic, Google, Bedrock, Mistral and the rest. Set keys,
 * addresses and headers on the provider.
 *
 * The provider's `finish` ends an answer; without it, or with `interrupted`, the call rejects with `stream_truncated`.
 * Content that the provider cannot send is `input_invalid` before anything is sent. The constructor throws
 * `config_invalid`; calls reject with the codes of `providerError` or with the signal's reason.
 */
export class AISDKClient implements ChatClient<AISDKParameters> {
  readonly #options: AISDKClientOptions;

  constructor(options: AISDKClientOptions) {
    checkModel(options?.model);
    checkParameters(options.parameters);
    checkRetries(options.maxRetries);
    this.#options = options;
  }

  send(request: ChatRequest<AISDKParameters>): ChatCall {
    const { parameters, maxRetries, onWarning } = this.#options;
    const context = { redact: redactorFor({}), requestId: null };
    return new ProviderCall({
      signal: request.signal,
      answer: new AnswerDecoder(context, onWarning),
      context,
      open: async (signal) => {
        const model = this.#modelFor(request);
        const options = await callOptions(request, model, parameters);
        const call = { ...options, abortSignal: signal };
        return retried({ context, signal, maxRetries }, async () =>
          request.stream ? { parts: await model.doStream(call) } : { whole: await model.doGenerate(call) },
        );
      },
    });
  }

  #modelFor({ settings }: ChatRequest): LanguageModelV4 {
    const { model, provider } = this.#options;
    const name = settings?.model;
    if (name === undefined || name === model.modelId) return model;
    if (provider !== undefined) return checkModel(provider.languageModel(name));
    throw new AgentError(
      'config_invalid',
      `The call asks for the model ${JSON.stringify(name)} and the client has only ${JSON.stringify(model.modelId)}. Give the client the provider too: { model, provider }.`,
    );
  }
}

/** Older versions of the interface differ in usage, finish reasons and files. */
function checkModel(model: LanguageModelV4 | undefined): LanguageModelV4 {
  if (model?.specificationVersion === 'v4') return model;
  const version: unknown = (model as { readonly specificationVersion?: unknown } | undefined)?.specificationVersion;
  throw new AgentError(
    'config_invalid',
    version === undefined
      ? "No model is given. Pass { model }, such as anthropic('claude-sonnet-4-5')."
      : `The model speaks version ${JSON.stringify(version)} of the AI SDK's interface, and this client v4. Update the provider's package.`,
  );
}
