// A scripted model that answers any HTTP client of this process, without a socket: the door tests go through.
import { HttpResponse, http, passthrough } from 'msw';
import { setupServer } from 'msw/node';
import { type Exchange, Exchanges } from './exchange.ts';
import { apiOf } from './recorded-request.ts';
import type { Step } from './reply.ts';
import { refuseProblems, Script } from './script.ts';
import type { ScriptedModel } from './scripted-model.ts';

export interface MockModel extends ScriptedModel, Disposable {}

let listening = false;

/**
 * Answers model calls of this process from a script, one step per call, in order, on both APIs.
 *
 * It listens at once: POSTs to any origin whose path ends in `/chat/completions` or `/responses` are answered, requests
 * to 127.0.0.1 pass, every other request fails. Write `using model = mockModel(...)`: leaving the scope stops it and
 * throws as `expectDone()` does. Only one can listen at a time; `serveModel()` has no such limit.
 */
export function mockModel(...steps: readonly Step[]): MockModel {
  if (listening) throw new Error('a mockModel() is listening already; dispose of it first, or use serveModel()');
  const script = new Script(steps);
  const exchanges = new Exchanges((request, number) => script.next(request, number));
  const server = setupServer(http.all('*', ({ request }) => respond(request, exchanges)));
  server.listen({ onUnhandledFrame: 'error' });
  listening = true;
  const expectDone = (): void => refuseProblems([...exchanges.problems, ...script.unused()]);
  return {
    origin: 'http://model.test',
    baseURL: 'http://model.test/v1',
    requests: exchanges.requests,
    add: (...more) => script.add(...more),
    expectDone,
    [Symbol.dispose]() {
      if (!listening) return;
      listening = false;
      exchanges.closeAll();
      server.close();
      expectDone();
    },
  };
}

async function respond(request: Request, exchanges: Exchanges): Promise<Response> {
  const url = new URL(request.url);
  if (url.hostname === '127.0.0.1') return passthrough();
  const api = request.method === 'POST' ? apiOf(url.pathname) : null;
  if (api === null) {
    exchanges.problems.push(`not a model call: ${request.method} ${request.url}`);
    return HttpResponse.error();
  }
  const exchange = exchanges.open({
    api,
    method: request.method,
    path: url.pathname + url.search,
    headers: Object.fromEntries(request.headers),
    body: await request.text(),
  });
  request.signal.addEventListener('abort', () => exchange.readerLeft());
  const { status, headers } = exchange.plan;
  if (!(await exchange.ready()) || status === null) {
    exchange.close();
    return HttpResponse.error();
  }
  // Without it the body ends where the connection does, and a broken connection would read as a normal end.
  return new HttpResponse(bodyOf(exchange), { status, headers: { ...headers, 'transfer-encoding': 'chunked' } });
}

function bodyOf(exchange: Exchange): ReadableStream<Uint8Array> {
  let left = false;
  let wanted = Promise.withResolvers<void>();
  let written = Promise.resolve(true);
  return new ReadableStream(
    {
      start(controller) {
        const enqueue = async (bytes: Uint8Array): Promise<boolean> => {
          // Handed over only when asked for: an error would throw away what still waits in the stream.
          await wanted.promise;
          if (left) return false;
          wanted = Promise.withResolvers();
          controller.enqueue(bytes);
          return true;
        };
        void exchange.play({
          write(bytes) {
            if (left) exchange.wroteTooLate(bytes.length);
            written = enqueue(bytes);
            return written;
          },
          end: () => void written.then(() => left || controller.close()),
          reset: () => controller.error(new Error('the scripted model reset the connection')),
        });
      },
      pull() {
        wanted.resolve();
      },
      cancel() {
        left = true;
        wanted.resolve();
        exchange.readerLeft();
      },
    },
    { highWaterMark: 0 },
  );
}
