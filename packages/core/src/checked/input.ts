// What a caller may ask: a question, a message, or a list of both. Checked before anything is sent.
import { AgentError } from '../errors.ts';
import type { Message } from '../message/message.ts';
import { copyJson, kindOf } from './json-value.ts';
import { checkTurn } from './stored-message.ts';

/** What a run is asked: text is one user message. */
export type AgentInput = string | Message | readonly (string | Message)[];

/** The input as messages: each string is one user message. Throws `input_invalid` when there is nothing to ask. */
export function toMessages(input: AgentInput): readonly Message[] {
  const items: readonly (string | Message)[] = isList(input) ? input : [input];
  if (items.length === 0)
    throw new AgentError('input_invalid', 'The input is an empty list. Hand in at least one message.');
  return items.map(toMessage);
}

// `Array.isArray` does not narrow a readonly array out of a union.
function isList(input: AgentInput): input is readonly (string | Message)[] {
  return Array.isArray(input);
}

function toMessage(item: string | Message, index: number): Message {
  const message: Message = typeof item === 'string' ? { role: 'user', contents: item } : item;
  if (typeof message !== 'object' || message === null) throw invalid(index, `is ${kindOf(message)}, not a message`);
  if (typeof message.contents === 'string') {
    if (message.contents.trim() === '') throw invalid(index, 'is blank');
  } else if (!Array.isArray(message.contents) || message.contents.length === 0) {
    throw invalid(index, 'has no contents');
  }
  return typeof item === 'string' ? message : copied(message, index);
}

/** The caller's object may change after the call; what was asked and stored must not. A bad one would spoil the history. */
function copied(message: Message, index: number): Message {
  const copy = copyJson(message, 'it', (problem) => invalid(index, `cannot be stored: ${problem}`)) as Message;
  checkTurn([copy], 'list', (where, problem) =>
    invalid(index, `is not a message: ${where.slice('list[0].'.length)} ${problem}`),
  );
  return copy;
}

function invalid(index: number, problem: string): AgentError {
  return new AgentError(
    'input_invalid',
    `Input message ${index} ${problem}. Hand in text, or a message with contents.`,
  );
}
