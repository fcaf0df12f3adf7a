// `openai`: both APIs, with the helpers that its documentation shows for tools and streams.
import OpenAI from 'openai';
import type { ResponseStream } from 'openai/lib/responses/ResponseStream';
import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import type { ParsedResponse, ResponseInput } from 'openai/resources/responses/responses';
import { type AskOptions, type Chat, type ChatOptions, look, MODEL, type OtherClient } from './chat.ts';

export function sdkAt({ url, token }: ChatOptions): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: token, maxRetries: 0 });
}

export const sdkChat: OtherClient = {
  name: 'openai, chat.completions.runTools',
  api: 'chat completions',
  open: (options) => new SdkChat(sdkAt(options)),
};

export const sdkResponses: OtherClient = {
  name: 'openai, responses.stream',
  api: 'responses',
  open: (options) => new SdkResponses(sdkAt(options)),
};

/** Sends the whole conversation each time. */
class SdkChat implements Chat {
  readonly #openai: OpenAI;
  #messages: ChatCompletionMessageParam[] = [];

  constructor(openai: OpenAI) {
    this.#openai = openai;
  }

  async ask(question: string, { signal, onText = () => {} }: AskOptions = {}): Promise<string> {
    const { name, description, parameters, seen } = look;
    const tools = [
      {
        type: 'function' as const,
        function: { name, description, parameters: { ...parameters, required: [] }, function: () => seen },
      },
    ];
    const messages = [...this.#messages, { role: 'user' as const, content: question }];
    const runner = this.#openai.chat.completions.runTools({ model: MODEL, messages, tools, stream: true }, { signal });
    runner.on('content', onText);
    const text = await runner.finalContent();
    this.#messages = [...runner.messages];
    return text ?? '';
  }
}

/** Names the response before, and runs the calls itself. */
class SdkResponses implements Chat {
  readonly #openai: OpenAI;
  #last: string | null = null;

  constructor(openai: OpenAI) {
    this.#openai = openai;
  }

  async ask(question: string, { signal, onText = () => {} }: AskOptions = {}): Promise<string> {
    const { name, description, parameters, seen } = look;
    const tools = [{ type: 'function' as const, name, description, parameters: { ...parameters }, strict: true }];
    for (let input: ResponseInput | string = question; ; ) {
      const request = { model: MODEL, input, tools, previous_response_id: this.#last };
      const {
        id,
        output,
        output_text: text,
      } = await answered(this.#openai.responses.stream(request, { signal }), onText);
      this.#last = id;
      const calls = output.filter((item) => item.type === 'function_call');
      if (calls.length === 0) return text;
      input = calls.map(({ call_id }) => ({ type: 'function_call_output', call_id, output: seen }));
    }
  }
}

function answered(stream: ResponseStream, onText: (text: string) => void): Promise<ParsedResponse<null>> {
  stream.on('response.output_text.delta', ({ delta }) => onText(delta));
  return stream.finalResponse();
}
