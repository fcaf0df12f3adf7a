// Reads the requested output shape from a request of either API.
import { isObject, type JsonObject } from './body.ts';

/** One form for both APIs. */
export interface SentOutput {
  readonly name: string;
  /** JSON Schema. */
  readonly schema: JsonObject;
}

export function readOutput(body: JsonObject): SentOutput | null {
  const { response_format: format, text } = body;
  // Chat Completions nests what Responses puts at the top level.
  const asked = isObject(format) ? format : isObject(text) ? text['format'] : null;
  if (!isObject(asked) || asked['type'] !== 'json_schema') return null;
  const { name, schema } = isObject(asked['json_schema']) ? asked['json_schema'] : asked;
  return { name: typeof name === 'string' ? name : '', schema: isObject(schema) ? schema : {} };
}
