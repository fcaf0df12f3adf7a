// JSON text of models and tools, which may be anything.
import { isDeepStrictEqual } from 'node:util';

/** The object or list that the text is; `other` when it is neither. */
export function jsonOr<Other>(text: string, other: Other): object | Other {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : other;
  } catch {
    return other;
  }
}

/** Whether a value that came back over JSON is what the text says, whatever the order of its members. */
export function isSameJson(text: string, value: unknown): boolean {
  // Once around, because -0 comes back as 0.
  return isDeepStrictEqual(JSON.parse(JSON.stringify(jsonOr(text, text))), value);
}
