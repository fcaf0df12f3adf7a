// Structured output: the answer's text as JSON, checked by the caller's schema.

import {
  describePlaces,
  type JsonSchema,
  type SchemaResult,
  type StandardSchema,
  toJsonSchema,
} from '../checked/standard-schema.ts';
import { AgentError } from '../errors.ts';
import { type Content, contentsOf } from '../message/message.ts';
import type { AgentResponse } from '../message/response.ts';
import type { OutputDeclaration } from '../model/request.ts';
import { pendingCalls } from '../tools/approval.ts';

/** The shape as the model is asked for it: what `validate` reads, which is the schema's input side. */
export function declareOutput(schema: StandardSchema): OutputDeclaration {
  const input = toJsonSchema(schema, 'input', 'output');
  return { name: 'answer', schema: closedLike(schema, input) ?? input };
}

/** The output side where it differs only in closing its objects, which lets a service hold the model to the schema. */
function closedLike(schema: StandardSchema, input: JsonSchema): JsonSchema | null {
  try {
    const output = toJsonSchema(schema, 'output', 'output');
    return withoutClosing(output) === withoutClosing(input) ? output : null;
  } catch {
    // A transform or a date has an input side only.
    return null;
  }
}

function withoutClosing(schema: JsonSchema): string {
  return JSON.stringify(schema, (key, value: unknown) =>
    key === 'additionalProperties' && value === false ? undefined : value,
  );
}

/** The value of the answer; undefined when none was asked for, or when this answer need not match the schema. */
export async function outputOf<Value>(
  schema: StandardSchema<Value> | null,
  response: AgentResponse,
): Promise<Value | undefined> {
  return schema !== null && hasOutput(response) ? parseOutput(schema, response) : undefined;
}

/** True when the answer is one that has to match: finished, not refused, and not waiting for the caller. */
function hasOutput(response: AgentResponse): boolean {
  if (response.status !== 'completed' || pendingCalls(response.messages).length > 0) return false;
  return lastContents(response).every(({ type }) => type !== 'refusal');
}

/** What the model wrote after its last tool results; empty if it wrote nothing. */
function lastContents({ messages }: AgentResponse): readonly Content[] {
  const afterTools = messages.slice(messages.findLastIndex(({ role }) => role === 'tool') + 1);
  const last = afterTools.findLast(({ role }) => role === 'assistant');
  return last === undefined ? [] : contentsOf(last);
}

/** The value in the last assistant message. Rejects with `output_invalid`, which names places and not values. */
async function parseOutput<Value>(schema: StandardSchema<Value>, response: AgentResponse): Promise<Value> {
  const text = lastContents(response)
    .map((content) => (content.type === 'text' ? content.text : ''))
    .join('');
  const checked = await validated(schema, parseJson(text));
  if (checked.issues === undefined) return checked.value;
  throw new AgentError(
    'output_invalid',
    `The answer does not match the output schema at ${describePlaces(checked.issues)}. Ask again, or loosen the schema.`,
  );
}

async function validated<Value>(schema: StandardSchema<Value>, value: unknown): Promise<SchemaResult<Value>> {
  try {
    return await schema['~standard'].validate(value);
  } catch (cause) {
    const message = 'The output schema threw an error of its own instead of reporting issues. See cause.';
    throw new AgentError('output_invalid', message, { cause });
  }
}

const FENCE = '```';

/** Models without structured output often put their JSON into a fence. */
function unfenced(text: string): string {
  const trimmed = text.trim();
  const opening = trimmed.indexOf('\n') + 1;
  const isFenced = trimmed.startsWith(FENCE) && trimmed.endsWith(FENCE) && opening > 0;
  return isFenced ? trimmed.slice(opening, -FENCE.length) : text;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(unfenced(text));
  } catch {
    // The parser's own message quotes the text, which belongs in no log.
    throw new AgentError('output_invalid', 'The answer is not JSON. Ask again, or use a model with structured output.');
  }
}
