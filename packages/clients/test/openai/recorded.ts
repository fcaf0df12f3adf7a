// Requests as programs without a package here send them: Open WebUI, whose requests were read in its sources, and curl.
import { createParser } from 'eventsource-parser';
import { type AskOptions, type Chat, type ChatOptions, look, MODEL, type OtherClient } from './chat.ts';

/** https://github.com/open-webui/open-webui, `backend/open_webui/routers/openai.py` */
export const openWebUi: OtherClient = {
  name: 'requests of Open WebUI',
  api: 'chat completions',
  open: (options) => new RecordedChat(options),
};

interface Delta {
  readonly content?: string;
  readonly tool_calls?: readonly { readonly id?: string }[];
}

interface Frame {
  readonly choices?: readonly { readonly delta: Delta }[];
  readonly error?: { readonly message: string };
}

/** Sends the whole list each time. */
class RecordedChat implements Chat {
  readonly #options: ChatOptions;
  #messages: object[] = [];

  constructor(options: ChatOptions) {
    this.#options = options;
  }

  async ask(question: string, options: AskOptions = {}): Promise<string> {
    const messages: object[] = [...this.#messages, { role: 'user', content: question }];
    for (;;) {
      const { text, calls } = await this.#stream(messages, options);
      const tool_calls = calls.map((id) => ({ id, type: 'function', function: { name: look.name, arguments: '{}' } }));
      messages.push({ role: 'assistant', content: text, ...(calls.length === 0 ? {} : { tool_calls }) });
      if (calls.length === 0) {
        this.#messages = messages;
        return text;
      }
      messages.push(...calls.map((id) => ({ role: 'tool', tool_call_id: id, content: look.seen })));
    }
  }

  async #stream(
    messages: readonly object[],
    { signal, onText = () => {} }: AskOptions,
  ): Promise<{ readonly text: string; readonly calls: readonly string[] }> {
    const { name, description, parameters } = look;
    const tools = [{ type: 'function', function: { name, description, parameters } }];
    const response = await fetch(`${this.#options.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#options.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ stream: true, model: MODEL, messages, tools, stream_options: { include_usage: true } }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (!response.ok) throw new Error(await response.text());
    let text = '';
    const calls: string[] = [];
    for await (const { choices = [], error } of framesOf(response)) {
      if (error !== undefined) throw new Error(error.message);
      for (const { delta } of choices) {
        if (delta.content) onText(delta.content);
        text += delta.content ?? '';
        calls.push(...(delta.tool_calls ?? []).flatMap(({ id }) => id ?? []));
      }
    }
    return { text, calls };
  }
}

/** The frames of a stream. Leaving the loop closes the connection. */
async function* framesOf(response: Response): AsyncGenerator<Frame, undefined> {
  const arrived: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => void arrived.push(data) });
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    for (const data of arrived.splice(0)) if (data !== '[DONE]') yield JSON.parse(data) as Frame;
  }
}
