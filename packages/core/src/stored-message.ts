// Messages that come back from storage: checked once at the edge, unknown members kept for newer readers.
import { AgentError } from './errors.ts';
import { isPlainObject, kindOf } from './json-value.ts';
import type { Message } from './message.ts';

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

/** The stored value as one turn. Throws `history_corrupt` with the place of the first thing that is wrong. */
export function parseTurn(value: unknown, where: string): readonly Message[] {
  if (!Array.isArray(value)) throw corrupt(where, `is ${kindOf(value)}, not a list of messages`);
  value.forEach((message, index) => checkMessage(message, `${where}[${index}]`));
  return value as readonly Message[];
}

function checkMessage(message: unknown, where: string): void {
  if (!isPlainObject(message)) throw corrupt(where, `is ${kindOf(message)}, not a message`);
  if (!ROLES.includes(message['role'])) throw corrupt(`${where}.role`, 'is not user, assistant, system or tool');
  if (!STATUSES.includes(message['status'])) throw corrupt(`${where}.status`, 'is not a known status');
  for (const name of ['authorName', 'messageId']) {
    const member = message[name];
    if (member !== undefined && typeof member !== 'string') throw corrupt(`${where}.${name}`, `is ${kindOf(member)}`);
  }
  const contents = message['contents'];
  if (typeof contents === 'string') return;
  if (!Array.isArray(contents)) throw corrupt(`${where}.contents`, `is ${kindOf(contents)}, not a string or a list`);
  contents.forEach((content, index) => checkContent(content, `${where}.contents[${index}]`));
}

/** Contents of a type this version does not know pass: a newer one wrote them and will read them again. */
function checkContent(content: unknown, where: string): void {
  if (!isPlainObject(content)) throw corrupt(where, `is ${kindOf(content)}, not a content`);
  if (typeof content['type'] !== 'string')
    throw corrupt(`${where}.type`, `is ${kindOf(content['type'])}, not a string`);
  for (const name of MEMBERS.get(content['type']) ?? []) {
    if (typeof content[name] !== 'string')
      throw corrupt(`${where}.${name}`, `is ${kindOf(content[name])}, not a string`);
  }
}

function corrupt(where: string, problem: string): AgentError {
  return new AgentError('history_corrupt', `The stored history cannot be read: ${where} ${problem}.`);
}
