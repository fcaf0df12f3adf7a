// Two providers of the AI SDK: `@ai-sdk/openai-compatible` for Chat Completions, `@ai-sdk/openai` for Responses.
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { jsonSchema, type LanguageModel, type ModelMessage, stepCountIs, streamText, tool } from 'ai';
import { type AskOptions, type Chat, type ChatOptions, look, MODEL, type OtherClient } from './chat.ts';

export const compatibleModel = ({ url, token }: ChatOptions): LanguageModel =>
  createOpenAICompatible({ name: 'shop', baseURL: `${url}/v1`, apiKey: token, includeUsage: true })(MODEL);

export const responsesModel = ({ url, token }: ChatOptions): LanguageModel =>
  createOpenAI({ baseURL: `${url}/v1`, apiKey: token }).responses(MODEL);

export const aiSdkCompatible: OtherClient = {
  name: '@ai-sdk/openai-compatible',
  api: 'chat completions',
  open: (options) => new AiSdkChat(compatibleModel(options)),
};

export const aiSdkResponses: OtherClient = {
  name: '@ai-sdk/openai',
  api: 'responses',
  open: (options) => new AiSdkChat(responsesModel(options)),
};

class AiSdkChat implements Chat {
  readonly #model: LanguageModel;
  readonly #messages: ModelMessage[] = [];

  constructor(model: LanguageModel) {
    this.#model = model;
  }

  async ask(question: string, { signal, onText = () => {} }: AskOptions = {}): Promise<string> {
    const { description, parameters, seen } = look;
    const messages: ModelMessage[] = [...this.#messages, { role: 'user', content: question }];
    const answer = streamText({
      model: this.#model,
      messages,
      tools: {
        look: tool({ description, inputSchema: jsonSchema({ ...parameters, required: [] }), execute: () => seen }),
      },
      stopWhen: stepCountIs(5),
      maxRetries: 0,
      ...(signal === undefined ? {} : { abortSignal: signal }),
      onError: () => {},
    });
    for await (const part of answer.fullStream) {
      if (part.type === 'text-delta') onText(part.text);
      if (part.type === 'error') throw part.error;
      if (part.type === 'abort') throw signal?.reason;
    }
    this.#messages.splice(0, Number.POSITIVE_INFINITY, ...messages, ...(await answer.responseMessages));
    return answer.text;
  }
}
