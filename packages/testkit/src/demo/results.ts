// The tool results since the question, and how the demo model reports them.
import { isObject, type JsonObject, type SentCall, type SentMessage } from '../request/body.ts';

/** A call and its result. */
export interface CalledTool {
  /** Empty when the request carries the result but not the call. */
  readonly name: string;
  /** Null when they cannot be parsed. */
  readonly arguments: JsonObject | null;
  readonly result: string;
}

/** Results are matched to calls by id, not by position. */
export function resultsIn(messages: readonly SentMessage[]): CalledTool[] {
  const calls = messages.flatMap((message) => message.calls ?? []);
  const results = messages.filter((message) => message.role === 'tool');
  return results.map(({ callId, text }) =>
    calledTool(
      calls.find((each) => each.callId === callId),
      text,
    ),
  );
}

function calledTool(call: SentCall | undefined, result: string): CalledTool {
  const parsed = parsedJson(call?.arguments ?? '');
  return { name: call?.name ?? '', arguments: isObject(parsed) ? parsed : null, result };
}

export function tellResult({ name, arguments: given, result }: CalledTool): string {
  const values = Object.entries(given ?? {}).map(([key, value]) => `${key} ${inWords(value)}`);
  const tool = name === '' ? 'a tool' : name;
  const call = values.length === 0 ? tool : `${tool} (${values.join(', ')})`;
  const said = readable(result).replace(/\.$/, '');
  return /^error\b/i.test(said) ? `${call} did not work; it said: ${said}.` : `According to ${call}: ${said}.`;
}

/** A result that is an object is read out field by field. */
export function readable(result: string): string {
  const parsed = parsedJson(result);
  if (isObject(parsed))
    return Object.entries(parsed)
      .map(([name, value]) => `${name} ${inWords(value)}`)
      .join(', ');
  return typeof parsed === 'string' ? parsed : result;
}

function inWords(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Undefined when it is not JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
