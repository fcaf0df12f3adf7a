// What a request tells the model besides the conversation: its tools, the choice among them, and the shape of the answer.
import type { ToolChoice } from '@turnstream/core';
import type { ChatRequest, OutputDeclaration, ToolDeclaration } from '@turnstream/core/seams';
import type { ServiceProfile } from '../service/profile.ts';
import { isStrictSchema } from './strict-schema.ts';

const MAX_NAME_CHARS = 64;

/** As Chat Completions writes them. */
export function chatDeclarations({ tools, toolChoice, output }: ChatRequest, profile: ServiceProfile): object {
  return {
    ...(tools === undefined ? {} : { tools: tools.map((tool) => ({ type: 'function', function: declared(tool) })) }),
    ...(tools === undefined || toolChoice === undefined
      ? {}
      : { tool_choice: chosen(toolChoice, (name) => ({ type: 'function', function: { name } })) }),
    ...(output === undefined ? {} : { response_format: responseFormat(output, profile) }),
  };
}

/** As the Responses API writes them, with what the client's parameters say of the same: hosted tools, and its text. */
export function responsesDeclarations(
  { tools = [], toolChoice, output }: ChatRequest,
  base: { readonly text?: object; readonly tools?: readonly object[] },
): object {
  const offered = [...(base.tools ?? []), ...tools.map((tool) => ({ type: 'function', ...declared(tool, false) }))];
  return {
    ...(offered.length === 0 ? {} : { tools: offered }),
    ...(offered.length === 0 || toolChoice === undefined
      ? {}
      : { tool_choice: chosen(toolChoice, (name) => ({ type: 'function', name })) }),
    ...(output === undefined
      ? {}
      : { text: { ...base.text, format: { type: 'json_schema', ...outputFormat(output) } } }),
  };
}

/** The shape of an answer for a service that takes no schema. */
export function schemaInWords({ schema }: OutputDeclaration): string {
  return `Answer with one JSON object and nothing else. It must match this JSON Schema: ${JSON.stringify(schema)}`;
}

/** The name of a call as both APIs take it back: a model may have made up one that they would refuse. */
export function replayedName(name: string): string {
  return name.replace(/[^\w-]/g, '_').slice(0, MAX_NAME_CHARS) || 'unknown';
}

/** `strict` only where it was asked for and the schema allows it. Responses is strict unless it reads otherwise. */
function declared({ name, description, parameters, strict }: ToolDeclaration, otherwise?: false): object {
  return { name, description, parameters, strict: strict === true && isStrictSchema(parameters) ? true : otherwise };
}

function chosen(choice: ToolChoice, named: (name: string) => object): string | object {
  return typeof choice === 'string' ? choice : named(choice.name);
}

function responseFormat(output: OutputDeclaration, profile: ServiceProfile): object {
  return profile.output === 'json_object'
    ? { type: 'json_object' }
    : { type: 'json_schema', json_schema: outputFormat(output) };
}

function outputFormat({ name, schema }: OutputDeclaration): object {
  return { name, schema, strict: isStrictSchema(schema) };
}
