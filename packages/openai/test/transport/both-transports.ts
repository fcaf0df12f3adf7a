// Both transports, a request, and how its answer is read.
import type { Fetch } from '../../src/transport/fetch.ts';
import { newTransport as overFetch } from '../../src/transport/global-fetch.ts';
import { newTransport as overHttp } from '../../src/transport/node-transport.ts';
import type { Answer } from './raw-server.ts';

export const TRANSPORTS: readonly (readonly [name: string, transport: Fetch])[] = [
  ['node:http', overHttp()],
  ['the global fetch', overFetch()],
];

export const hello: Answer = (response) => void response.end('hello');

export const post = (fields: RequestInit = {}): RequestInit => ({
  method: 'POST',
  headers: new Headers({ authorization: 'Bearer key', 'content-type': 'application/json' }),
  body: '{"text":"Grüße"}',
  ...fields,
});

/** As the clients read a body. */
export async function textOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
    text += decoder.decode(read.value, { stream: true });
  }
  return text;
}

export const rejection = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);
