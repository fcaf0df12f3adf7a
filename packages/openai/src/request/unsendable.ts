// The errors for what a request has no place for.
import { AgentError, type Message } from '@turnstream/core';

export function unsendable(message: Message): AgentError {
  return new AgentError('input_invalid', `A message with role '${message.role}' answers no tool call. Leave it out.`);
}

/** The error for a content that a request has no place for. `why` says what the API takes. */
export function unsendableContent(type: string, why: string): AgentError {
  return new AgentError('input_invalid', `A content of type ${type} cannot be sent: ${why}.`);
}
