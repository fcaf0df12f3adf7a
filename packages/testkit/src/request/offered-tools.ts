// The tools a request offers to the model and what it asks of their use, read from either API's form.
import { isObject, type JsonObject, listOf } from './body.ts';

/** A tool as the model is offered it, the same for both APIs. */
export interface SentTool {
  readonly name: string;
  readonly description: string | null;
  /** JSON Schema of the arguments. */
  readonly parameters: JsonObject;
}

export type SentToolChoice = 'auto' | 'none' | 'required' | { readonly name: string };

export function readTools(body: JsonObject): SentTool[] {
  return listOf(body['tools']).flatMap((tool) => {
    // Chat Completions wraps what Responses says at once.
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
