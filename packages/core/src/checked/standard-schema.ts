// The part of Standard Schema and Standard JSON Schema (standardschema.dev, version 1) that this library uses.

import { AgentError } from '../errors.ts';
import { isPlainObject } from './json-value.ts';

/** JSON Schema, as data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What zod, arktype, valibot (through `toStandardJsonSchema`) and others put on their schemas. */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly jsonSchema?: {
      readonly input: (options: { readonly target: string }) => Record<string, unknown>;
      readonly output: (options: { readonly target: string }) => Record<string, unknown>;
    };
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

/** The value as the schema gives it, or what is wrong with it. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** One thing that is wrong with a value, and where. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The schema as JSON Schema 2020-12, of what goes in or of what comes out. Throws `config_invalid` when it cannot say. */
export function toJsonSchema(schema: StandardSchema, side: 'input' | 'output', what: string): JsonSchema {
  const convert = schema['~standard'].jsonSchema;
  if (convert === undefined) {
    throw new AgentError(
      'config_invalid',
      `The schema of ${what} (${schema['~standard'].vendor}) cannot be turned into JSON Schema. Use zod 4, arktype, or valibot through toStandardJsonSchema.`,
    );
  }
  try {
    const { $schema: _dialect, ...jsonSchema } = convert[side]({ target: 'draft-2020-12' });
    return withoutRootRef(jsonSchema);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AgentError(
      'config_invalid',
      `The schema of ${what} has no JSON Schema: ${why}. Describe what the model writes, such as text for a date.`,
      { cause },
    );
  }
}

/**
 * The schema with its root written out where that is a `$ref` to another part of it: Zod writes a schema with an `id` like that,
 * but services read the type at the root. A `$ref` that leads nowhere stays.
 */
export function withoutRootRef(schema: JsonSchema): JsonSchema {
  if (!Object.hasOwn(schema, '$ref') || Object.hasOwn(schema, 'properties')) return schema;
  const seen = new Set<string>();
  let { $ref, ...root } = schema;
  while (typeof $ref === 'string' && !seen.has($ref)) {
    seen.add($ref);
    // Zod does not percent-encode, others do.
    const target = partAt($ref, schema) ?? partAt(percentDecoded($ref), schema);
    if (target === null) return schema;
    ({ $ref, ...root } = { $ref: undefined, ...target, ...root });
  }
  return $ref === undefined ? root : schema;
}

/** The part of a schema that a JSON Pointer such as `#/$defs/Page` names; null when there is none. */
function partAt(pointer: string, schema: JsonSchema): JsonSchema | null {
  const [start, ...names] = pointer.split('/');
  const part = names
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((at, name) => Object.getOwnPropertyDescriptor(at ?? {}, name)?.value, schema);
  return start === '#' && isPlainObject(part) ? part : null;
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The issues as one line: where, and what is wrong. */
export function describeIssues(issues: readonly SchemaIssue[]): string {
  return issues.map((issue) => [pathOf(issue), issue.message].filter((part) => part !== '').join(': ')).join('; ');
}

/** Only where: libraries quote the value in what they say is wrong. */
export function describePlaces(issues: readonly SchemaIssue[]): string {
  return issues.map((issue) => pathOf(issue) || 'the top').join(', ');
}

function pathOf(issue: SchemaIssue): string {
  return (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
}
