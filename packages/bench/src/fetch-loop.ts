// The floor: what a careful developer writes by hand over the global `fetch`, with nothing in it that is not needed.

import { readFrames } from './frame-reader.ts';
import { type Chat, INSTRUCTIONS, MODEL, type Peer } from './peer.ts';
import type { Api } from './wire.ts';

interface WireMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

interface ChatChunk {
  readonly choices: readonly [{ readonly delta: { readonly content?: string } }?];
}

interface ResponsesEvent {
  readonly type: string;
  readonly delta?: string;
}

interface ChatAnswer {
  readonly choices: readonly [{ readonly message: { readonly content: string } }];
}

interface ResponsesAnswer {
  readonly output: readonly [{ readonly content: readonly [{ readonly text: string }] }];
}

/** What the two APIs do differently. */
interface Dialect {
  readonly path: string;
  readonly body: (messages: readonly WireMessage[], stream: boolean) => object;
  readonly textOfFrame: (frame: unknown) => string;
  readonly textOfAnswer: (answer: unknown) => string;
}

const DIALECTS: Readonly<Record<Api, Dialect>> = {
  chat: {
    path: '/chat/completions',
    body: (messages, stream) => ({
      model: MODEL,
      messages: [{ role: 'system', content: INSTRUCTIONS }, ...messages],
      stream,
      ...(stream ? { stream_options: { include_usage: true } } : {}),
    }),
    textOfFrame: (frame) => (frame as ChatChunk).choices[0]?.delta.content ?? '',
    textOfAnswer: (answer) => (answer as ChatAnswer).choices[0].message.content,
  },
  responses: {
    path: '/responses',
    body: (input, stream) => ({ model: MODEL, instructions: INSTRUCTIONS, input, stream, store: false }),
    textOfFrame: (frame) => {
      const { type, delta } = frame as ResponsesEvent;
      return type === 'response.output_text.delta' ? (delta ?? '') : '';
    },
    textOfAnswer: (answer) => (answer as ResponsesAnswer).output[0].content[0].text,
  },
};

export function fetchLoop(api: Api): Peer {
  const dialect = DIALECTS[api];
  return (baseURL) => chat(dialect, baseURL + dialect.path);
}

function chat({ body, textOfFrame, textOfAnswer }: Dialect, url: string): Chat<WireMessage[]> {
  const post = async (messages: WireMessage[], question: string, stream: boolean): Promise<Response> => {
    messages.push({ role: 'user', content: question });
    const headers = { 'content-type': 'application/json', authorization: 'Bearer sk-bench' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body(messages, stream)) });
    if (!response.ok) throw new Error(`The model answered ${response.status}`);
    return response;
  };
  return {
    createSession: () => [],
    async stream(messages, question, onText) {
      let text = '';
      await readFrames(await post(messages, question, true), (data) => {
        const delta = textOfFrame(JSON.parse(data));
        text += delta;
        return delta === '' || onText(delta);
      });
      messages.push({ role: 'assistant', content: text });
      return text;
    },
    async ask(messages, question) {
      const content = textOfAnswer(await (await post(messages, question, false)).json());
      messages.push({ role: 'assistant', content });
      return content;
    },
  };
}
