// Messages that come back from storage: checked once at the edge, unknown members kept for newer readers.
import { AgentError } from '../errors.ts';
import type { Message } from '../message/message.ts';
import { copyJson, isPlainObject, kindOf } from './json-value.ts';

const ROLES: readonly unknown[] = ['user', 'assistant', 'system', 'tool'];
const STATUSES: readonly unknown[] = [undefined, 'cancelled', 'failed', 'incomplete'];

/** The members a content must have as strings, by its type. */
const MEMBERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['text', ['text']],
  ['text_reasoning', ['text']],
  ['refusal', ['text']],
  ['function_call', ['callId', 'name', 'arguments']],
  ['function_result', ['callId', 'result']],
]);

type Refuse = (where: string, problem: string) => AgentError;

/** The stored value as one turn. Throws `history_corrupt` with the place of the first thing that is wrong. */
export function parseTurn(value: unknown, where: string): readonly Message[] {
  return checkTurn(value, where, corrupt);
}

/**
 * A copy of the turn that every history can keep and give back as it is. Throws `input_invalid`, with the place, for
 * what JSON cannot hold and for what `parseTurn` would refuse later.
 */
export function storableTurn(turn: readonly Message[]): readonly Message[] {
  const copy = copyJson(turn, 'turn', (problem) => new AgentError('input_invalid', `Not a storable turn: ${problem}.`));
  return checkTurn(copy, 'turn', unstorable);
}

/** The value as one turn; throws what `refuse` makes of the first thing that is wrong. */
export function checkTurn(value: unknown, where: string, refuse: Refuse): readonly Message[] {
  if (!Array.isArray(value)) throw refuse(where, `is ${kindOf(value)}, not a list of messages`);
  value.forEach((message, index) => checkMessage(message, `${where}[${index}]`, refuse));
  return value as readonly Message[];
}

function checkMessage(message: unknown, where: string, refuse: Refuse): void {
  if (!isPlainObject(message)) throw refuse(where, `is ${kindOf(message)}, not a message`);
  if (!ROLES.includes(message['role'])) throw refuse(`${where}.role`, 'is not user, assistant, system or tool');
  if (!STATUSES.includes(message['status'])) throw refuse(`${where}.status`, 'is not a known status');
  for (const name of ['authorName', 'messageId']) {
    const member = message[name];
    if (member !== undefined && typeof member !== 'string') throw refuse(`${where}.${name}`, `is ${kindOf(member)}`);
  }
  const contents = message['contents'];
  if (typeof contents === 'string') return;
  if (!Array.isArray(contents)) throw refuse(`${where}.contents`, `is ${kindOf(contents)}, not a string or a list`);
  contents.forEach((content, index) => checkContent(content, `${where}.contents[${index}]`, refuse));
}

/** Contents of a type this version does not know pass: a newer one wrote them and will read them again. */
function checkContent(content: unknown, where: string, refuse: Refuse): void {
  if (!isPlainObject(content)) throw refuse(where, `is ${kindOf(content)}, not a content`);
  if (typeof content['type'] !== 'string') throw refuse(`${where}.type`, `is ${kindOf(content['type'])}, not a string`);
  for (const name of MEMBERS.get(content['type']) ?? []) {
    if (typeof content[name] !== 'string')
      throw refuse(`${where}.${name}`, `is ${kindOf(content[name])}, not a string`);
  }
}

function corrupt(where: string, problem: string): AgentError {
  return new AgentError('history_corrupt', `The stored history cannot be read: ${where} ${problem}.`);
}

function unstorable(where: string, problem: string): AgentError {
  return new AgentError('input_invalid', `Not a storable turn: ${where} ${problem}.`);
}
