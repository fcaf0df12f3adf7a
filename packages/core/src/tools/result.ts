// What a tool returned, as a result the model can read: text as it is, media as it is, anything else as JSON.
import { isPlainObject } from '../checked/json-value.ts';
import { parseTurn } from '../checked/stored-message.ts';
import type { MediaContent, TextContent } from '../message/message.ts';
import type { ToolContext } from './tool.ts';

/** What the model reads of a tool's return value. */
export interface ToolOutput {
  /** The text: without media the whole value, otherwise only its text parts. */
  readonly result: string;
  /** The text and media in order; left out if there are no media. */
  readonly items?: readonly (TextContent | MediaContent)[];
}

/**
 * What a tool gave. An async generator gives its return value, or else its last yield, and each yield is reported. Once
 * the signal is aborted, the generator is closed at its next yield, so that its `finally` runs.
 */
export async function toolValue(returned: unknown, context: Pick<ToolContext, 'report' | 'signal'>): Promise<unknown> {
  return isAsyncGenerator(returned) ? lastOf(returned, context) : returned;
}

/**
 * Turns a tool's return value into its result: text stays as it is, media become `items`, anything else becomes JSON.
 * Throws a `TypeError` for a value that JSON would turn into nothing or `{}`, such as a function, and also inside other data
 * for a `Map`, an `Error` or a promise that was not awaited. The model would read the result as an answer.
 */
export function toolOutput(value: unknown): ToolOutput {
  if (typeof value === 'string') return { result: value };
  const items = contentsIn(value);
  if (items !== null) {
    const texts = items.map((item) => (item.type === 'text' ? item.text : ''));
    return { result: texts.join('\n').trim(), items };
  }
  return { result: toJson(value) ?? '' };
}

/** A JSON copy of what a tool reports at this moment. Throws a `TypeError` for a value that JSON cannot hold. */
export function toolProgress(value: unknown): unknown {
  return JSON.parse(toJson(value) ?? 'null');
}

/** Classes whose data JSON loses. Inside other data, an instance of another class may be empty as it is. */
const LOST = new Set(
  `Map Set WeakMap WeakSet Promise Generator AsyncGenerator Error DOMException RegExp ArrayBuffer Blob File FormData Headers
  Request Response ReadableStream URLSearchParams`.split(/\s+/),
);

function toJson(value: unknown): string | undefined {
  let isWhole = true;
  return JSON.stringify(value, (key, member: unknown) => {
    if (isWhole ? isEmptied(member) : isLost(member)) {
      throw new TypeError(
        `The tool returned or reported ${describe(member)}${isWhole ? '' : ` in "${key}"`}, of which JSON keeps nothing. Use text, plain data, or a content.`,
      );
    }
    isWhole = false;
    return member;
  });
}

function isEmptied(value: unknown): boolean {
  if (typeof value === 'function' || typeof value === 'symbol') return true;
  return typeof value === 'object' && !isPlainObject(value) && JSON.stringify(value) === '{}';
}

function isLost(value: unknown): boolean {
  return LOST.has(Object.prototype.toString.call(value).slice('[object '.length, -1)) && isEmptied(value);
}

/** Copies the contents in a value as JSON; null for other data. They are stored, and a stored turn must be readable. */
function contentsIn(value: unknown): NonNullable<ToolOutput['items']> | null {
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!parts.some(isMedia)) return null;
  const copies = JSON.parse(JSON.stringify(parts)) as unknown[];
  return copies.every(isPart) && areStorable(copies) ? copies : null;
}

function areStorable(contents: readonly unknown[]): boolean {
  try {
    parseTurn([{ role: 'tool', contents }], 'the result');
    return true;
  } catch {
    return false;
  }
}

async function lastOf(
  generator: AsyncIterator<unknown>,
  { report, signal }: Pick<ToolContext, 'report' | 'signal'>,
): Promise<unknown> {
  let last: unknown;
  let isSuspended = false;
  try {
    for (;;) {
      isSuspended = false;
      const step = await generator.next();
      if (step.done === true) return step.value ?? last;
      isSuspended = true;
      last = step.value;
      if (!signal.aborted) report(last);
      if (signal.aborted) return last;
    }
  } finally {
    // As `for await` does: an iterator that ended or threw by itself is not closed.
    if (isSuspended) await generator.return?.();
  }
}

function isAsyncGenerator(value: unknown): value is AsyncIterator<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value && 'next' in value;
}

function isPart(value: unknown): value is TextContent | MediaContent {
  return isMedia(value) || (typeof value === 'object' && value !== null && 'text' in value && typeOf(value) === 'text');
}

function isMedia(value: unknown): value is MediaContent {
  if (typeof value !== 'object' || value === null) return false;
  const type = typeOf(value);
  if (type === 'hosted_file') return 'fileId' in value;
  return (type === 'uri' || type === 'data') && 'uri' in value && 'mediaType' in value;
}

function typeOf(value: object): unknown {
  return 'type' in value ? value.type : undefined;
}

function describe(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? `an object of class ${value.constructor.name}`
    : `a ${typeof value}`;
}
