// A reader that shares no code with the model it reads: plain fetch, and a parser of its own for frames.
import { connect } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { createParser } from 'eventsource-parser';

export interface Frame {
  readonly event: string | undefined;
  readonly data: string;
}

export interface Target {
  readonly baseURL: string;
}

export const chatPath: string = '/chat/completions';
export const responsesPath: string = '/responses';

/** One question in the body of each API. */
export const chatBody: Readonly<Record<string, unknown>> = {
  model: 'gpt-4.1',
  stream: true,
  messages: [{ role: 'user', content: 'Who are you?' }],
};
export const responsesBody: Readonly<Record<string, unknown>> = {
  model: 'gpt-4.1',
  stream: true,
  input: 'Who are you?',
};

export const bothApis: [api: string, path: string, body: Readonly<Record<string, unknown>>][] = [
  ['Chat Completions', chatPath, chatBody],
  ['Responses', responsesPath, responsesBody],
];

export function post(model: Target, path: string, body: unknown, init: RequestInit = {}): Promise<Response> {
  return fetch(model.baseURL + path, { method: 'POST', body: JSON.stringify(body), ...init });
}

export async function postJson(model: Target, path: string, body: unknown): Promise<Record<string, unknown>> {
  const response = await post(model, path, body);
  return (await response.json()) as Record<string, unknown>;
}

/** Posts all bodies on one connection, one after the other, and returns the responses. Separate fetches are slow. */
export async function postInARow(model: Target, path: string, bodies: readonly object[]): Promise<string> {
  const { hostname, port, pathname } = new URL(model.baseURL + path);
  const socket = connect(Number(port), hostname);
  const requests = bodies.map((body, index) => {
    const json = JSON.stringify(body);
    const connection = index === bodies.length - 1 ? 'close' : 'keep-alive';
    const head = [`host: ${hostname}`, `connection: ${connection}`, `content-length: ${Buffer.byteLength(json)}`];
    return [`POST ${pathname} HTTP/1.1`, ...head, '', json].join('\r\n');
  });
  socket.write(requests.join(''));
  return textOf(socket);
}

/** The network chunks of a body, and the error that ended it, if any. */
export async function readChunks(response: Response): Promise<{ chunks: Uint8Array[]; error: unknown }> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of response.body!) chunks.push(chunk);
    return { chunks, error: null };
  } catch (error) {
    return { chunks, error };
  }
}

export async function readText(response: Response): Promise<string> {
  const { chunks } = await readChunks(response);
  return Buffer.concat(chunks).toString('utf8');
}

export function framesIn(text: string): Frame[] {
  const frames: Frame[] = [];
  const parser = createParser({ onEvent: ({ event, data }) => frames.push({ event, data }) });
  parser.feed(text);
  return frames;
}

/** Posts, reads all and returns the frames; JSON data is parsed. */
export async function postForFrames(model: Target, path: string, body: unknown): Promise<unknown[]> {
  const frames = framesIn(await readText(await post(model, path, body)));
  return frames.map(({ data }) => (data.startsWith('{') ? JSON.parse(data) : data) as unknown);
}

/** The text that the frames of either API carry. */
export function textIn(frames: readonly Frame[]): string {
  return frames
    .map(({ data }) => {
      if (!data.startsWith('{')) return '';
      const frame = JSON.parse(data) as { type?: string; delta?: string; choices?: { delta: { content?: string } }[] };
      return frame.type === 'response.output_text.delta'
        ? (frame.delta ?? '')
        : (frame.choices?.[0]?.delta.content ?? '');
    })
    .join('');
}
