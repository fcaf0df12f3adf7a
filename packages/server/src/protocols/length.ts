// Limits the length of a question. The body limit covers the rest of a request.
import { AgentError, type Message, textOf } from '@turnstream/core';
import type { InputLimits } from '../options.ts';
import { messageOf } from '../turn/request.ts';

/** Throws `input_invalid` if a user's message is blank or too long. One that is only files says enough. */
export function checkLength(message: Message, { maxMessageChars }: InputLimits): void {
  const isOnlyFiles = typeof message.contents !== 'string' && message.contents.every(({ type }) => type !== 'text');
  if (message.role !== 'user' || (isOnlyFiles && message.contents.length > 0)) return;
  const { error } = messageOf(maxMessageChars).safeParse(textOf(message));
  if (error === undefined) return;
  throw new AgentError('input_invalid', `The message cannot be accepted: ${error.issues[0]?.message}.`);
}
