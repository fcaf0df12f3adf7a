// Limits the length of a question. The body limit covers the rest of a request.
import { AgentError, type Content, type Message, textOf } from '@turnstream/core';
import type { InputLimits } from '../options.ts';
import { messageOf } from '../turn/request.ts';

/** Throws `input_invalid` if a user's message is blank or too long. */
export function checkLength(message: Message, limits: InputLimits): void {
  const problem = lengthProblem(message, limits);
  if (problem !== null) throw new AgentError('input_invalid', problem);
}

/** Clients send an empty text next to files, which some models refuse. */
export function withoutEmptyText<Given extends Content>(contents: readonly Given[]): readonly Given[] {
  return contents.filter((each) => each.type !== 'text' || each.text !== '');
}

/** Why a user's message cannot be accepted; null if it can. One that is only files says enough. */
export function lengthProblem(message: Message, { maxMessageChars }: InputLimits): string | null {
  const isOnlyFiles = typeof message.contents !== 'string' && message.contents.every(({ type }) => type !== 'text');
  if (message.role !== 'user' || (isOnlyFiles && message.contents.length > 0)) return null;
  const { error } = messageOf(maxMessageChars).safeParse(textOf(message));
  return error === undefined ? null : `The message cannot be accepted: ${error.issues[0]?.message}.`;
}
