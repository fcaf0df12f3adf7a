// The arguments of a tool call: JSON text that a model wrote, so perhaps none.

/** The arguments as an object; null when the text is not whole JSON of an object. No text means no arguments. */
export function parseArguments(text: string): Record<string, unknown> | null {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
