// Reads the tools and the tool choice from a request of either API.
import { isObject, type JsonObject, listOf } from './body.ts';

/** A tool as offered to the model, in one form for both APIs. */
export interface SentTool {
  readonly name: string;
  readonly description: string | null;
  /** JSON Schema of the arguments. */
  readonly parameters: JsonObject;
}

/** The tool choice that a request carries, in one form for both APIs. */
export type SentToolChoice = 'auto' | 'none' | 'required' | { readonly name: string };

export function readTools(body: JsonObject): SentTool[] {
  return listOf(body['tools']).flatMap((tool) => {
    // Chat Completions nests what Responses puts at the top level.
    const { name, description, parameters } = isObject(tool['function']) ? tool['function'] : tool;
    if (tool['type'] !== 'function' || typeof name !== 'string') return [];
    return [
      {
        name,
        description: typeof description === 'string' ? description : null,
        parameters: isObject(parameters) ? parameters : {},
      },
    ];
  });
}

export function readToolChoice(body: JsonObject): SentToolChoice | null {
  const choice = body['tool_choice'];
  if (choice === 'auto' || choice === 'none' || choice === 'required') return choice;
  if (!isObject(choice)) return null;
  const { name } = isObject(choice['function']) ? choice['function'] : choice;
  return typeof name === 'string' ? { name } : null;
}
