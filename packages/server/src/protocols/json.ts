// Reads JSON text that models and tools wrote, which may be invalid.
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

/** Whether a value that a client sent back equals the JSON text, whatever the order of members. */
export function isSameJson(text: string, value: unknown): boolean {
  // The round trip turns -0 into 0, as it does in the client.
  return isDeepStrictEqual(JSON.parse(JSON.stringify(jsonOr(text, text))), value);
}
