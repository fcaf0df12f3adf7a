// Limits the length of the question. The body limit covers the messages before it.
import { type Message, textOf } from '@turnstream/core';
import type { InputLimits } from '../../options.ts';
import { messageOf } from '../../turn/request.ts';
import { OpenAIRefusal } from './refusal.ts';

/** Throws if a user message is blank or too long. */
export function checkLength(message: Message, { maxMessageChars }: InputLimits, param: string): void {
  if (message.role !== 'user') return;
  const { error } = messageOf(maxMessageChars).safeParse(textOf(message));
  if (error === undefined) return;
  throw new OpenAIRefusal('invalid_value', param, `The last message cannot be accepted: ${error.issues[0]?.message}.`);
}
