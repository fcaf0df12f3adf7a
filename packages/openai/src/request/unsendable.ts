// What a request cannot carry: the errors, and the mark in place of a file that the model made.
import { AgentError, type Content, type Message } from '@turnstream/core';

export function unsendable(message: Message): AgentError {
  return new AgentError('input_invalid', `A message with role '${message.role}' answers no tool call. Leave it out.`);
}

/** The error for a content that a request has no place for. `why` says what the API takes. */
export function unsendableContent(type: string, why: string): AgentError {
  return new AgentError('input_invalid', `A content of type ${type} cannot be sent: ${why}.`);
}

/** Stands in for a file that the model made, because its own messages cannot carry files. '' for other contents. */
export function markOf(content: Content): string {
  return content.type === 'data' || content.type === 'uri' ? `[${content.mediaType}]` : '';
}
