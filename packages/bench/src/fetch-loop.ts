// The floor: what a careful developer writes by hand over the global `fetch`, with nothing in it that is not needed.

import { DIALECTS, type Dialect, type WireCall, type WireMessage } from './fetch-dialects.ts';
import { readFrames } from './frame-reader.ts';
import type { Chat, OnText, Peer } from './peer.ts';
import { type Api, TOOL } from './wire.ts';

export function fetchLoop(api: Api): Peer {
  const dialect = DIALECTS[api];
  return (baseURL) => chat(dialect, baseURL + dialect.path);
}

function chat(dialect: Dialect, url: string): Chat<WireMessage[]> {
  const { body, textOfFrame, textOfAnswer } = dialect;
  const post = async (request: object): Promise<Response> => {
    const headers = { 'content-type': 'application/json', authorization: 'Bearer sk-bench' };
    return checked(await fetch(url, { method: 'POST', headers, body: JSON.stringify(request) }));
  };
  return {
    createSession: () => [],
    async stream(messages, question, onText) {
      messages.push({ role: 'user', content: question });
      let text = '';
      await readFrames(await post(body(messages, true)), (data) => {
        const delta = textOfFrame(JSON.parse(data));
        text += delta;
        return delta === '' || onText(delta);
      });
      messages.push({ role: 'assistant', content: text });
      return text;
    },
    streamWithTools: (messages, question, onText) => streamWithTools(dialect, post, messages, question, onText),
    async ask(messages, question) {
      messages.push({ role: 'user', content: question });
      const content = textOfAnswer(await (await post(body(messages, false))).json());
      messages.push({ role: 'assistant', content });
      return content;
    },
    inBackground: (messages, question) => inBackground(dialect, { url, post }, messages, question),
  };
}

function checked(response: Response): Response {
  if (!response.ok) throw new Error(`The model answered ${response.status}`);
  return response;
}

async function inBackground(
  { body, textOfAnswer }: Dialect,
  { url, post }: { readonly url: string; readonly post: (request: object) => Promise<Response> },
  messages: WireMessage[],
  question: string,
): Promise<string> {
  const look = async (id: string): Promise<unknown> =>
    checked(await fetch(`${url}/${id}`, { headers: { authorization: 'Bearer sk-bench' } })).json();
  messages.push({ role: 'user', content: question });
  const started = await post({ ...body(messages, false), store: undefined, background: true });
  const { id } = (await started.json()) as { readonly id: string };
  await look(id);
  await look(id);
  const stored = JSON.parse(JSON.stringify({ id, messages })) as { readonly id: string };
  const content = textOfAnswer(await look(stored.id));
  messages.push({ role: 'assistant', content });
  return content;
}

async function streamWithTools(
  dialect: Dialect,
  post: (request: object) => Promise<Response>,
  messages: WireMessage[],
  question: string,
  onText: OnText,
): Promise<string> {
  messages.push({ role: 'user', content: question });
  for (;;) {
    const request = { ...dialect.body(messages, true), tools: [dialect.tool] };
    const { text, calls } = await readAnswer(dialect, await post(request), onText);
    if (calls.length === 0) {
      messages.push({ role: 'assistant', content: text });
      return text;
    }
    for (const call of calls) JSON.parse(call.arguments);
    messages.push(...dialect.round(calls, TOOL.result));
  }
}

async function readAnswer(
  { textOfFrame, takeCalls }: Dialect,
  response: Response,
  onText: OnText,
): Promise<{ text: string; calls: readonly WireCall[] }> {
  let text = '';
  const calls: WireCall[] = [];
  await readFrames(response, (data) => {
    const frame: unknown = JSON.parse(data);
    const delta = textOfFrame(frame);
    text += delta;
    if (delta === '') takeCalls(frame, calls);
    return delta === '' || onText(delta);
  });
  return { text, calls };
}
