// What a request has no place for: the errors, and the mark that a file of the model's leaves.
import { AgentError, type Content, type Message } from '@turnstream/core';

export function unsendable(message: Message): AgentError {
  return new AgentError('input_invalid', `A message with role '${message.role}' answers no tool call. Leave it out.`);
}

/** The error for a content that a request has no place for. `why` says what the API takes. */
export function unsendableContent(type: string, why: string): AgentError {
  return new AgentError('input_invalid', `A content of type ${type} cannot be sent: ${why}.`);
}

/** Files that the model made have no place in its own messages; that there was one must not get lost. '' for all others. */
export function markOf(content: Content): string {
  return content.type === 'data' || content.type === 'uri' ? `[${content.mediaType}]` : '';
}
