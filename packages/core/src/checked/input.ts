// What a caller may ask: a question, a message, or a list of both. Checked before anything is sent.
import { AgentError } from '../errors.ts';
import type { Message } from '../message/message.ts';
import * as json from './json.ts';
import { copyJson, kindOf } from './json-value.ts';
import { storedMessage } from './stored-message.ts';

/** What a run is asked: text is one user message. */
export type AgentInput = string | Message | readonly (string | Message)[];

/** The input as messages: each string is one user message. Throws `input_invalid` when there is nothing to ask. */
export function toMessages(input: AgentInput): readonly Message[] {
  const items: readonly (string | Message)[] = isList(input) ? input : [input];
  if (items.length === 0)
    throw new AgentError('input_invalid', 'The input is an empty list. Pass at least one message.');
  return items.map(toMessage);
}

// `Array.isArray` does not narrow a readonly array out of a union.
function isList(input: AgentInput): input is readonly (string | Message)[] {
  return Array.isArray(input);
}

function toMessage(item: string | Message, index: number): Message {
  const asked: Message = typeof item === 'string' ? { role: 'user', contents: item } : item;
  if (typeof asked !== 'object' || asked === null) throw invalid(index, `is ${kindOf(asked)}, not a message`);
  if (typeof asked.contents === 'string') {
    if (asked.contents.trim() === '') throw invalid(index, 'is blank');
  } else if (!Array.isArray(asked.contents) || asked.contents.length === 0) {
    throw invalid(index, 'has no contents');
  }
  return typeof item === 'string' ? asked : copied(asked, index);
}

/** The caller's object may change after the call; what was asked and stored must not. A bad one would spoil the history. */
function copied(asked: Message, index: number): Message {
  const copy = copyJson(asked, 'it', (problem) => invalid(index, `cannot be stored: ${problem}`));
  return json.read(copy, storedMessage, (problem) => invalid(index, `is not a message: ${problem}`));
}

function invalid(index: number, problem: string): AgentError {
  return new AgentError('input_invalid', `Input message ${index} ${problem}. Pass text, or a message with contents.`);
}
