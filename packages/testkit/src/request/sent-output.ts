// The shape that a request asks the answer to have, read from either API's form.
import { isObject, type JsonObject } from './body.ts';

/** The same for both APIs. */
export interface SentOutput {
  readonly name: string;
  /** JSON Schema. */
  readonly schema: JsonObject;
}

export function readOutput(body: JsonObject): SentOutput | null {
  const { response_format: format, text } = body;
  // Chat Completions wraps what Responses says at once.
  const asked = isObject(format) ? format : isObject(text) ? text['format'] : null;
  if (!isObject(asked) || asked['type'] !== 'json_schema') return null;
  const { name, schema } = isObject(asked['json_schema']) ? asked['json_schema'] : asked;
  return { name: typeof name === 'string' ? name : '', schema: isObject(schema) ? schema : {} };
}
