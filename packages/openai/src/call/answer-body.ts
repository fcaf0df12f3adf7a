// The body of an answer: which kind it is, how it is read, and how its connection is given back.
import { AgentError } from '@turnstream/core';
import {
  asObject,
  type CallContext,
  capped,
  type JsonObject,
  reportedError,
  safeCause,
  serviceError,
} from '@turnstream/core/seams';
import { createParser, type EventSourceParser } from 'eventsource-parser';
import { gaveUpWaiting } from '../service/timeout.ts';

/**
 * A frame or a JSON body past this has no end: the longest answers, with their instructions echoed, are a fraction of it.
 * At most 4 MiB in memory.
 */
export const MAX_FRAME_CHARS: number = 2 * 1024 * 1024;

/** Enough of a body to tell frames from JSON. */
const START_CHARS = 'event:'.length;
const MAX_START_CHARS = 1024;
const FRAME_START = /^\uFEFF?\s*(?:data|event|id|retry)?:/;
const STREAMING = { stream: true };

type Reader = ReadableStreamDefaultReader<Uint8Array>;

export function isEventStream(response: Response): boolean {
  return mediaType(response) === 'text/event-stream';
}

/**
 * Null for an answer without a body. Throws `config_invalid` for a body that does not come from the fetch API: before
 * version 5 the SDK used a fetch of its own.
 */
export function readerOf({ body }: Response): Reader | null {
  if (body === null || body === undefined) return null;
  if (typeof body.getReader === 'function') return body.getReader();
  throw new AgentError(
    'config_invalid',
    'The body of the answer is not a ReadableStream. Create the SDK instance with `fetch: globalThis.fetch`.',
  );
}

/** Parses frames as they are fed. What the callback throws comes out of `feed`, and so does `stream_malformed`. */
export function frameParser(
  maxFrameChars: number,
  onFrame: (event: string | undefined, data: string) => void,
): EventSourceParser {
  return createParser({
    maxBufferSize: maxFrameChars,
    onEvent: ({ event, data }) => onFrame(event, data),
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') throw endless(maxFrameChars);
    },
  });
}

/** The beginning of a body whose content type does not say that it is a stream; '' when there is none. */
export async function readStart(reader: Reader, decoder: TextDecoder, context: CallContext): Promise<string> {
  let start = '';
  while (start.trimStart().length < START_CHARS && start.length < MAX_START_CHARS) {
    const { done, value } = await read(reader, context);
    if (done) break;
    start += decoder.decode(value, STREAMING);
  }
  return start;
}

/** Gateways send streams under other content types; a body of JSON or HTML never begins like a frame. */
export function beginsWithFrame(start: string): boolean {
  return FRAME_START.test(start);
}

/**
 * Reads a body of JSON that begins with `start`. Rejects with the error it holds, `not_a_stream` when it is something else,
 * `stream_malformed` when it is broken, and `stream_truncated` when the connection is.
 */
export async function readJson(response: Response, body: Body, context: CallContext): Promise<JsonObject> {
  const type = mediaType(response);
  if (body.reader === null || !(type === 'application/json' || type.endsWith('+json'))) {
    throw new AgentError(
      'not_a_stream',
      `The service answered ${response.status} with ${type === '' ? 'no content type' : capped(context.redact(type), 80)}, which is not a model's answer. Check the base URL.`,
      { status: response.status },
    );
  }
  return answerIn(parse(await readText({ ...body, reader: body.reader }, context)), context) ?? {};
}

/**
 * Appends `text` to `start` without leading white space. Null if that cannot begin a JSON object of at most `maxChars`
 * characters.
 */
export function startOfJson(start: string, text: string, maxChars: number): string | null {
  // Only the first character is checked: a regex over the growing string would copy it for each chunk.
  const more = start === '' ? text.trimStart() : text;
  const mayBeJson = start !== '' || more === '' || more.startsWith('{');
  return mayBeJson && start.length + more.length <= maxChars ? start + more : null;
}

/** Parses a whole JSON object that was declared as an event stream; null for anything else. Throws the error in it. */
export function unframedJson(text: string, context: CallContext): JsonObject | null {
  try {
    return answerIn(JSON.parse(text), context);
  } catch (error) {
    if (error instanceof AgentError) throw error;
    return null;
  }
}

function answerIn(body: unknown, context: CallContext): JsonObject | null {
  const json = asObject(body);
  const reported = reportedError(undefined, json);
  if (reported !== null) throw serviceError(reported, context);
  return json;
}

interface Body<Source = Reader | null> {
  readonly reader: Source;
  readonly decoder: TextDecoder;
  readonly start: string;
  readonly maxChars: number;
}

function mediaType(response: Response): string {
  return (response.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

async function readText({ reader, decoder, start, maxChars }: Body<Reader>, context: CallContext): Promise<string> {
  let text = start;
  for (let chunk = await read(reader, context); !chunk.done; chunk = await read(reader, context)) {
    text += decoder.decode(chunk.value, STREAMING);
    if (text.length > maxChars) throw endless(maxChars);
  }
  return text + decoder.decode();
}

async function read(reader: Reader, context: CallContext): ReturnType<Reader['read']> {
  try {
    return await reader.read();
  } catch (error) {
    const message = gaveUpWaiting(error) ?? 'The connection broke before the answer was complete. Ask again.';
    throw new AgentError('stream_truncated', message, { cause: safeCause(error, context.redact) });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AgentError('stream_malformed', 'The service answered with JSON that cannot be parsed. Ask again.');
  }
}

function endless(maxChars: number): AgentError {
  return new AgentError(
    'stream_malformed',
    `The service sent more than ${maxChars} characters without the end of a frame. Ask again, or raise the client's maxFrameChars.`,
  );
}
