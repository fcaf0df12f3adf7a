// An answer of node:http as the fetch API shows one, as far as the SDK and this package look at it.
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { BodyReader } from './body-reader.ts';
import { decoded } from './decoded.ts';

const NO_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * An answer of success is read by this package alone, through `body.getReader()`: it gets no stream of the fetch API, which
 * would cost more than the socket. Any other is a `Response`, for the SDK to read.
 */
export function toResponse(message: IncomingMessage, url: string, signal: AbortSignal | undefined): Response {
  const { statusCode: status = 0, statusMessage: statusText = '' } = message;
  const headers = headersOf(message);
  const body = decoded(message, headers.get('content-encoding'));
  if (status >= 200 && status <= 299 && !NO_BODY.has(status)) {
    const reader = new BodyReader(body, signal);
    return { ok: true, status, statusText, url, headers, body: { getReader: () => reader } } as unknown as Response;
  }
  if (NO_BODY.has(status)) message.resume();
  return new Response(NO_BODY.has(status) ? null : (Readable.toWeb(body) as ReadableStream), {
    status,
    statusText,
    headers,
  });
}

/** Each as often as it came: `message.headers` drops the second of some. */
function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
  }
  return headers;
}
