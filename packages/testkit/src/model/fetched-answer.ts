// The answer to a `Request` of this process: a `Response` whose body is an exchange.
import { routeOf } from '../request/recorded.ts';
import type { Exchanges } from './exchange.ts';
import { streamedBody } from './streamed-body.ts';

/** Statuses for which `Response` accepts no body. */
const NO_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/** Null when the connection breaks before there is an answer, or when the request is not a model call. */
export async function answerOf(request: Request, exchanges: Exchanges): Promise<Response | null> {
  const url = new URL(request.url);
  const route = routeOf(request.method, url.pathname);
  if (route === null) {
    exchanges.problems.push(`not a model call: ${request.method} ${request.url}`);
    return null;
  }
  const exchange = exchanges.open({
    ...route,
    method: request.method,
    path: url.pathname + url.search,
    headers: Object.fromEntries(request.headers),
    body: await request.text(),
  });
  request.signal.addEventListener('abort', () => exchange.readerLeft());
  const { status, headers } = exchange.plan;
  if (!(await exchange.ready()) || status === null) {
    exchange.close();
    return null;
  }
  if (NO_BODY.has(status)) {
    exchange.close();
    return new Response(null, { status, headers });
  }
  // Without it the end of the connection ends the body, and a broken connection would look like a normal end.
  return new Response(streamedBody(exchange), { status, headers: { ...headers, 'transfer-encoding': 'chunked' } });
}
