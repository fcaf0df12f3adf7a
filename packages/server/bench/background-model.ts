// A model that works in the background: each response streams its words at one pace, and can be looked at.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface BackgroundModelOptions {
  readonly words: number;
  /** UTF-16 code units of one word. */
  readonly wordChars: number;
  /** Between two words, in milliseconds. */
  readonly everyMs: number;
}

export interface BackgroundModel extends AsyncDisposable {
  readonly baseURL: string;
}

interface Answer {
  readonly id: string;
  text: string;
  status: 'in_progress' | 'completed';
}

export async function startBackgroundModel(options: BackgroundModelOptions): Promise<BackgroundModel> {
  const answers = new Map<string, Answer>();
  const server = createServer((request, response) => {
    request.resume().on('end', () => handle(request, response));
  });
  const handle = ({ method, url = '' }: IncomingMessage, response: ServerResponse): void => {
    if (method === 'POST') {
      const answer: Answer = { id: `resp_${answers.size + 1}`, text: '', status: 'in_progress' };
      answers.set(answer.id, answer);
      return write(response, answer, options);
    }
    const answer = answers.get(url.split('/').at(-1)?.split('?')[0] ?? '');
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer === undefined ? {} : objectOf(answer)));
  };
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Another one each time, so that no database makes an answer short by its repeats. */
export function wordOf(chars: number): string {
  return randomBytes(chars)
    .toString('base64url')
    .slice(0, chars - 1)
    .concat(' ');
}

function objectOf({ id, text, status }: Answer): object {
  const content = [{ type: 'output_text', text, annotations: [] }];
  const output = [{ id: 'msg_1', type: 'message', role: 'assistant', status: 'completed', content }];
  return { id, status, background: true, output: status === 'completed' ? output : [] };
}

function write(response: ServerResponse, answer: Answer, { words, wordChars, everyMs }: BackgroundModelOptions): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let number = 0;
  const event = (type: string, fields: object): void => {
    const frame = { type, sequence_number: number, ...fields };
    number += 1;
    response.write(`event: ${type}\ndata: ${JSON.stringify(frame)}\n\n`);
  };
  event('response.created', { response: objectOf(answer) });
  const timer = setInterval(() => {
    const delta = wordOf(wordChars);
    answer.text += delta;
    event('response.output_text.delta', { item_id: 'msg_1', output_index: 0, content_index: 0, delta });
    if (answer.text.length < words * wordChars) return;
    clearInterval(timer);
    answer.status = 'completed';
    event('response.completed', { response: objectOf(answer) });
    response.end();
  }, everyMs);
  response.on('close', () => clearInterval(timer));
}
