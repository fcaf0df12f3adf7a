// The body of an answer: which kind it is, how it is read, and how its connection is given back.
import { AgentError } from '@turnstream/core';
import { createParser, type EventSourceParser } from 'eventsource-parser';
import { capped, safeCause } from '../service/redaction.ts';
import type { CallContext } from '../service/service-error.ts';
import { reportedError, serviceError } from '../service/service-error.ts';
import { asObject, type JsonObject } from '../service/untrusted.ts';

/**
 * A frame or a JSON body past this has no end: the longest answers, with their instructions echoed, are a fraction of it.
 * At most 4 MiB in memory.
 */
const MAX_BUFFERED_CHARS = 2 * 1024 * 1024;

/** A body that is over arrives within a round trip; one that is held open is not worth a connection. */
const DRAIN_GRACE_MS = 250;

type Reader = ReadableStreamDefaultReader<Uint8Array>;

export function isEventStream(response: Response): boolean {
  return mediaType(response) === 'text/event-stream';
}

/** Parses frames as they are fed. What the callback throws comes out of `feed`, and so does `stream_malformed`. */
export function frameParser(onFrame: (event: string | undefined, data: string) => void): EventSourceParser {
  return createParser({
    maxBufferSize: MAX_BUFFERED_CHARS,
    onEvent: ({ event, data }) => onFrame(event, data),
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') throw endless();
    },
  });
}

/**
 * Reads a body of JSON. Rejects with the error it holds, `not_a_stream` when it is something else, `stream_malformed`
 * when it is broken, and `stream_truncated` when the connection is.
 */
export async function readJson(response: Response, reader: Reader | null, context: CallContext): Promise<JsonObject> {
  const type = mediaType(response);
  if (reader === null || !(type === 'application/json' || type.endsWith('+json'))) {
    throw new AgentError(
      'not_a_stream',
      `The service answered ${response.status} with ${type === '' ? 'no content type' : capped(context.redact(type), 80)}, which is no answer of a model. Check the base URL.`,
      { status: response.status },
    );
  }
  const body = asObject(parse(await readText(reader, context)));
  const reported = reportedError(undefined, body);
  if (reported !== null) throw serviceError(reported, context);
  return body ?? {};
}

function mediaType(response: Response): string {
  return (response.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

async function readText(reader: Reader, context: CallContext): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      text += decoder.decode(chunk.value, { stream: true });
      if (text.length > MAX_BUFFERED_CHARS) throw endless();
    }
  } catch (error) {
    if (error instanceof AgentError) throw error;
    throw new AgentError('stream_truncated', 'The connection broke before the answer was complete. Ask again.', {
      cause: safeCause(error, context.redact),
    });
  }
  return text + decoder.decode();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AgentError('stream_malformed', 'The service answered with JSON that cannot be parsed. Ask again.');
  }
}

function endless(): AgentError {
  return new AgentError(
    'stream_malformed',
    `The service sent more than ${MAX_BUFFERED_CHARS} characters without an end of frame. Ask again.`,
  );
}

/** Closes the connection: through the signal, and through the body for a `fetch` that forgets its signal after the headers. */
export function closeBody(reader: Reader | null, closing: AbortController): void {
  closing.abort();
  reader?.cancel().catch(() => {});
}

/**
 * Reads what follows the end of an answer, so that the connection can be used again; closes it when it stays open. Never
 * rejects: the answer is complete, whatever happens to its connection.
 */
export async function drain(reader: Reader, closing: AbortController): Promise<void> {
  const timer = setTimeout(() => closeBody(reader, closing), DRAIN_GRACE_MS);
  try {
    while (!(await reader.read()).done);
  } catch {
    // Closed by us or lost: either way it is gone.
  } finally {
    clearTimeout(timer);
  }
}
