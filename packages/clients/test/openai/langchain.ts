// `@langchain/openai`: both APIs, with the caller's own loop around tool calls.
import { type AIMessageChunk, type BaseMessage, HumanMessage, ToolMessage } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import { type AskOptions, type Chat, type ChatOptions, look, MODEL, type OtherClient } from './chat.ts';

export function langchainAt({ url, token }: ChatOptions, api: OtherClient['api']): ChatOpenAI {
  return new ChatOpenAI({
    model: MODEL,
    apiKey: token,
    configuration: { baseURL: `${url}/v1` },
    useResponsesApi: api === 'responses',
    maxRetries: 0,
  });
}

export const langchainChat: OtherClient = clientOf('chat completions');
export const langchainResponses: OtherClient = clientOf('responses');

function clientOf(api: OtherClient['api']): OtherClient {
  return { name: `@langchain/openai, ${api}`, api, open: (options) => new LangchainChat(langchainAt(options, api)) };
}

class LangchainChat implements Chat {
  readonly #model: ReturnType<ChatOpenAI['bindTools']>;
  readonly #messages: BaseMessage[] = [];

  constructor(model: ChatOpenAI) {
    const { name, description, parameters } = look;
    this.#model = model.bindTools([{ type: 'function', function: { name, description, parameters } }]);
  }

  async ask(question: string, { signal, onText = () => {} }: AskOptions = {}): Promise<string> {
    const messages = [...this.#messages, new HumanMessage(question)];
    for (;;) {
      const answer = await this.#stream(messages, { signal, onText });
      messages.push(answer);
      const calls = answer.tool_calls ?? [];
      if (calls.length === 0) break;
      for (const { id = '' } of calls) messages.push(new ToolMessage({ content: look.seen, tool_call_id: id }));
    }
    this.#messages.splice(0, Number.POSITIVE_INFINITY, ...messages);
    return messages.at(-1)?.text ?? '';
  }

  async #stream(
    messages: BaseMessage[],
    { signal, onText }: { readonly signal: AbortSignal | undefined; readonly onText: (text: string) => void },
  ): Promise<AIMessageChunk> {
    let whole: AIMessageChunk | undefined;
    for await (const chunk of await this.#model.stream(messages, signal === undefined ? {} : { signal })) {
      if (chunk.text !== '') onText(chunk.text);
      whole = whole === undefined ? chunk : whole.concat(chunk);
    }
    if (whole === undefined) throw new Error('no answer');
    return whole;
  }
}
