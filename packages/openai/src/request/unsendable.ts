// The error for a message that neither API has a place for.
import { AgentError, type Message } from '@turnstream/core';

export function unsendable(message: Message): AgentError {
  return new AgentError('input_invalid', `A message with role '${message.role}' answers no tool call. Leave it out.`);
}
