// What a caller may add to every Responses request, and what the client fills in itself.
import { AgentError } from '@turnstream/core';
import type { OpenAI } from 'openai';
import type { Revocable } from '../request/revocable.ts';

/** Filled in by the client, or answered in a form that it does not read. */
type Owned =
  | 'background'
  | 'conversation'
  | 'input'
  | 'instructions'
  | 'model'
  | 'previous_response_id'
  | 'store'
  | 'stream'
  | 'stream_options'
  | 'tool_choice';

/** A tool the service runs itself, such as `{ type: 'web_search' }`. */
export type HostedTool = Exclude<OpenAI.Responses.Tool, OpenAI.Responses.FunctionTool>;

/**
 * Parameters of the API, such as `temperature`, `max_output_tokens` or `reasoning`. `tools` are the service's own, offered
 * next to those of the agent. The shape of an answer is a run's `output`.
 */
export interface ResponsesParameters
  extends Revocable<Omit<OpenAI.Responses.ResponseCreateParams, Owned | 'text' | 'tools'>> {
  readonly text?: Omit<OpenAI.Responses.ResponseTextConfig, 'format'> | undefined;
  readonly tools?: readonly HostedTool[] | undefined;
}

export const OWNED_BY_RESPONSES: Readonly<Record<Owned, true>> = {
  background: true,
  conversation: true,
  input: true,
  instructions: true,
  model: true,
  previous_response_id: true,
  store: true,
  stream: true,
  stream_options: true,
  tool_choice: true,
};

/** Throws `config_invalid` when the parameters say what belongs to a run: the shape of the answer, or a tool of ours. */
export function refuseRunSettings(parameters: object | undefined): void {
  const { text, tools } = (parameters ?? {}) as ResponsesParameters;
  if (text != null && Object.hasOwn(text, 'format')) {
    throw new AgentError('config_invalid', "parameters cannot hold text.format: pass a run's `output` instead.");
  }
  if (tools != null && !Array.isArray(tools)) {
    throw new AgentError('config_invalid', 'parameters.tools must be a list of hosted tools.');
  }
  if (tools?.some(({ type }: { readonly type: string }) => type === 'function') === true) {
    throw new AgentError('config_invalid', 'parameters.tools takes hosted tools only: pass functions as `tools`.');
  }
}
