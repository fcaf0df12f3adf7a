// What a caller may add to every Responses request, and what the client fills in itself.
import { AgentError } from '@turnstream/core';
import type { OpenAI } from 'openai';

/** Filled in by the client, or answered in a form that it does not read. */
type Owned =
  | 'background'
  | 'conversation'
  | 'include'
  | 'input'
  | 'instructions'
  | 'model'
  | 'previous_response_id'
  | 'store'
  | 'stream'
  | 'stream_options'
  | 'tool_choice'
  | 'tools';

/** Parameters of the API, such as `temperature`, `max_output_tokens` or `reasoning`. The shape of an answer is a run's `output`. */
export interface ResponsesParameters extends Omit<OpenAI.Responses.ResponseCreateParams, Owned | 'text'> {
  readonly text?: Omit<OpenAI.Responses.ResponseTextConfig, 'format'>;
}

export const OWNED_BY_RESPONSES: Readonly<Record<Owned, true>> = {
  background: true,
  conversation: true,
  include: true,
  input: true,
  instructions: true,
  model: true,
  previous_response_id: true,
  store: true,
  stream: true,
  stream_options: true,
  tool_choice: true,
  tools: true,
};

/** Throws `config_invalid` when the parameters say what the answer must look like. */
export function refuseTextFormat(parameters: ResponsesParameters | undefined): void {
  if (parameters?.text !== undefined && Object.hasOwn(parameters.text, 'format')) {
    throw new AgentError('config_invalid', "parameters cannot hold text.format: pass a run's `output` instead.");
  }
}
