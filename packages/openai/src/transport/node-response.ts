// An answer of node:http as the fetch API shows one, as far as the SDK and this package look at it.
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { AnswerHeaders } from './answer-headers.ts';
import { BodyReader } from './body-reader.ts';
import { decoded } from './decoded.ts';

const NO_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * An answer of success is read by this package alone, through `headers` and `body.getReader()`: it gets no objects of the
 * fetch API, which would cost more than the socket. Any other is a `Response`, for the SDK to read.
 */
export function toResponse(message: IncomingMessage, url: string, signal: AbortSignal | undefined): Response {
  const { statusCode: status = 0, statusMessage: statusText = '', rawHeaders } = message;
  const headers = new AnswerHeaders(rawHeaders);
  const isBare = NO_BODY.has(status);
  if (isBare) message.resume();
  const body = decoded(message, headers.get('content-encoding'));
  if (status < 200 || status > 299 || isBare) {
    const entries = [...headers.entries()];
    return new Response(isBare ? null : (Readable.toWeb(body) as ReadableStream), {
      status,
      statusText,
      headers: entries,
    });
  }
  const reader = new BodyReader(body, signal);
  return { ok: true, status, statusText, url, headers, body: { getReader: () => reader } } as unknown as Response;
}
