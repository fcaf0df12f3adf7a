// What both APIs have in common where a model calls a function: ids, and arguments as text.
import { AgentError } from '@turnstream/core';
import { asObject, asText } from '@turnstream/core/seams';

/** No request offers more tools than this, and no model calls more at once. */
export const MAX_CALLS = 128;

/** Throws `stream_malformed` when `calls` are as many as an answer may hold. */
export function refuseEndlessCalls(calls: number): void {
  if (calls < MAX_CALLS) return;
  throw new AgentError('stream_malformed', `The answer holds more than ${MAX_CALLS} tool calls. Ask again.`);
}

/** For a call that the service gave no id. Unique in a conversation, and short enough for every service. */
export function newCallId(): string {
  return `call_${crypto.randomUUID().replaceAll('-', '')}`;
}

/** Some services write the arguments as an object. Taken for missing, they would be no arguments at all. */
export function argumentsText(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : (asText(value) ?? '');
}

/** True for `{}`: the arguments of a call that has none, but also the placeholder some servers open every call with. */
export function areEmptyArguments(text: string): boolean {
  return /^\s*\{\s*\}\s*$/.test(text);
}

/** True for the JSON text of one object; no text is the beginning of one. */
export function areWholeArguments(text: string): boolean {
  if (!text.trimEnd().endsWith('}')) return false;
  try {
    return asObject(JSON.parse(text)) !== null;
  } catch {
    return false;
  }
}

/** True for two whole objects that say the same; services write a repeat with other blanks. */
export function areSameArguments(left: string, right: string): boolean {
  if (!areWholeArguments(left)) return false;
  return left === right || (areWholeArguments(right) && canonical(left) === canonical(right));
}

function canonical(json: string): string {
  return JSON.stringify(JSON.parse(json));
}
