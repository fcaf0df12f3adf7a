// The conversations a service stores for `previous_response_id` and `conversation`.

import { isObject, type SentMessage } from '../request/body.ts';
import type { RecordedRequest } from '../request/recorded.ts';
import { type HttpErrorStep, httpError } from '../script/reply.ts';

/** Enough for a long demo; the oldest are evicted first. */
const maxConversations = 1000;

export class ServiceMemory {
  readonly #messages = new Map<string, readonly SentMessage[]>();

  /** The conversation a request continues, followed by its own messages; the service's error when the id is unknown. */
  resume(request: RecordedRequest): readonly SentMessage[] | HttpErrorStep {
    const previousId = request.body['previous_response_id'];
    const conversationId = conversationIdOf(request);
    if (typeof previousId === 'string' && conversationId !== null) return bothGiven;
    const id = typeof previousId === 'string' ? previousId : conversationId;
    if (id === null) return request.messages;
    const known = this.#messages.get(id);
    if (known === undefined) return typeof previousId === 'string' ? unknownResponse(id) : unknownConversation(id);
    return [...known, ...request.messages];
  }

  /** Stores a finished answer under its own id and in its conversation, unless `store` is false. */
  keep(request: RecordedRequest, responseId: string, messages: readonly SentMessage[]): void {
    if (request.body['store'] !== false) this.#set(responseId, messages);
    const conversationId = conversationIdOf(request);
    if (conversationId !== null) this.#set(conversationId, messages);
  }

  startConversation(id: string): void {
    this.#set(id, []);
  }

  #set(id: string, messages: readonly SentMessage[]): void {
    this.#messages.delete(id);
    this.#messages.set(id, messages);
    const oldest = this.#messages.keys().next().value;
    if (this.#messages.size > maxConversations && oldest !== undefined) this.#messages.delete(oldest);
  }
}

function conversationIdOf(request: RecordedRequest): string | null {
  const { conversation } = request.body;
  const id = isObject(conversation) ? conversation['id'] : conversation;
  return typeof id === 'string' ? id : null;
}

const bothGiven = httpError(400, {
  type: 'invalid_request_error',
  message: "Mutually exclusive parameters: 'previous_response_id' and 'conversation'.",
});

function unknownResponse(id: string): HttpErrorStep {
  return httpError(400, {
    type: 'invalid_request_error',
    code: 'previous_response_not_found',
    param: 'previous_response_id',
    message: `Previous response with id '${id}' not found.`,
  });
}

function unknownConversation(id: string): HttpErrorStep {
  return httpError(404, { type: 'invalid_request_error', message: `Conversation with id '${id}' not found.` });
}
