// A model whose words are the times at which it writes them, in this process's clock. It counts its open answers.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TimedModelOptions {
  readonly words: number;
  /** Between two words, in milliseconds. */
  readonly everyMs: number;
}

export interface TimedModel extends AsyncDisposable {
  readonly baseURL: string;
  readonly open: number;
  /** When the last answer was closed, as `performance.now()`; settles with the next one that is. */
  nextClosed(): Promise<number>;
}

export async function startTimedModel({ words, everyMs }: TimedModelOptions): Promise<TimedModel> {
  let open = 0;
  let closed = Promise.withResolvers<number>();
  const server = createServer((request, response) => {
    open += 1;
    response.on('close', () => {
      open -= 1;
      closed.resolve(performance.now());
      closed = Promise.withResolvers();
    });
    request.resume().on('end', () => write(response, words, everyMs));
  });
  server.keepAliveTimeout = 0;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    get open() {
      return open;
    },
    nextClosed: () => closed.promise,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The first word at once. */
function write(response: ServerResponse, words: number, everyMs: number): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const event = (type: string, fields: object): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
  response.write(event('response.created', { response: { id: 'resp_1', status: 'in_progress', output: [] } }));
  let text = '';
  let left = words;
  const next = (): void => {
    const delta = `${performance.now().toFixed(2)} `;
    text += delta;
    response.write(event('response.output_text.delta', { item_id: 'msg_1', output_index: 0, content_index: 0, delta }));
    if (--left > 0) return;
    clearInterval(timer);
    const content = [{ type: 'output_text', text, annotations: [] }];
    const output = [{ id: 'msg_1', type: 'message', role: 'assistant', status: 'completed', content }];
    response.end(event('response.completed', { response: { id: 'resp_1', status: 'completed', output } }));
  };
  const timer = setInterval(next, everyMs);
  response.on('close', () => clearInterval(timer));
  next();
}
