// One model call as the model saw it: the request, and how far the answer got.

import { type Api, type JsonObject, parseBody, readConversation, type SentMessage } from './body.ts';
import { readToolChoice, readTools, type SentTool, type SentToolChoice } from './offered-tools.ts';
import { readOutput, type SentOutput } from './sent-output.ts';

/** A request as it arrived. `path` starts with `/` and includes the query. */
export interface IncomingRequest {
  readonly api: Api;
  readonly responseId: string | null;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Live: the fields of the answer change while it is being sent. Await `closed` before asserting on them. */
export interface RecordedRequest {
  readonly api: Api;
  /** The background response being polled, streamed (GET) or cancelled (POST); null for a model call. */
  readonly responseId: string | null;
  readonly method: string;
  /** Path with query, such as `/v1/responses` or `/openai/deployments/x/chat/completions?api-version=2024-10-21`. */
  readonly path: string;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
  /** The agent's instructions; null when none were sent. */
  readonly instructions: string | null;
  /** The conversation sent, in order, without the instructions. */
  readonly messages: readonly SentMessage[];
  /** The texts of `messages`. */
  readonly texts: readonly string[];
  /** The tools offered to the model, in order. */
  readonly tools: readonly SentTool[];
  /** The tool choice; null when none was sent, which means `auto`. */
  readonly toolChoice: SentToolChoice | null;
  /** The requested output shape; null when none was requested. */
  readonly output: SentOutput | null;
  /** Chunks of the scripted answer that were fully sent. */
  readonly chunksSent: number;
  /** Bytes of the body that were sent. */
  readonly bytesSent: number;
  /** Bytes written after the reader left; 0 when the model stopped in time. */
  readonly bytesAfterLeaving: number;
  /** Whether the reader left before the model ended the response. */
  readonly closedEarly: boolean;
  /** Settles when the response ended, broke off, or lost its reader. Never rejects. */
  readonly closed: Promise<void>;
}

/** The model's side of a record: the fields it may change. */
export type LiveRequest = { -readonly [Key in keyof RecordedRequest]: RecordedRequest[Key] };

export function recordRequest(incoming: IncomingRequest, closed: Promise<void>): LiveRequest {
  const body = parseBody(incoming.body);
  const { instructions, messages } = readConversation(incoming.api, body);
  return {
    api: incoming.api,
    responseId: incoming.responseId,
    method: incoming.method,
    path: incoming.path,
    headers: incoming.headers,
    body,
    instructions,
    messages,
    texts: messages.map((message) => message.text),
    tools: readTools(body),
    toolChoice: readToolChoice(body),
    output: readOutput(body),
    chunksSent: 0,
    bytesSent: 0,
    bytesAfterLeaving: 0,
    closedEarly: false,
    closed,
  };
}

export interface Route {
  readonly api: Api;
  readonly responseId: string | null;
}

/** The API a request is for; null when it is not for a model. Azure's paths end the same way. */
export function routeOf(method: string | undefined, pathname: string): Route | null {
  if (method === 'POST' && pathname.endsWith('/chat/completions')) return { api: 'chat_completions', responseId: null };
  if (method === 'POST' && pathname.endsWith('/responses')) return { api: 'responses', responseId: null };
  const [, id, cancel] = /\/responses\/([^/]+)(\/cancel)?$/.exec(pathname) ?? [];
  const isKnown = method === (cancel === undefined ? 'GET' : 'POST');
  return id === undefined || !isKnown ? null : { api: 'responses', responseId: decoded(id) };
}

/** An id with a malformed percent escape stays as it is: no response has it. */
function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
