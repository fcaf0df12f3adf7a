// What a caller may add to every Chat Completions request, and what the client fills in itself.
import type { OpenAI } from 'openai';
import type { Revocable } from '../request/revocable.ts';

/** Filled in by the client, or answered in a form that it does not read. */
type Owned =
  | 'audio'
  | 'function_call'
  | 'functions'
  | 'messages'
  | 'modalities'
  | 'model'
  | 'n'
  | 'stream'
  | 'tool_choice'
  | 'tools';

/**
 * Parameters of the API, such as `temperature`, `max_completion_tokens` or `reasoning_effort`. A run's `output` overrides
 * `response_format`; `stream_options: null` leaves that member out, for servers that refuse it; `store` keeps a log at the
 * service, which `metadata` needs.
 */
export type ChatCompletionsParameters = Revocable<Omit<OpenAI.ChatCompletionCreateParams, Owned>>;

export const OWNED_BY_CHAT: Readonly<Record<Owned, true>> = {
  audio: true,
  function_call: true,
  functions: true,
  messages: true,
  modalities: true,
  model: true,
  n: true,
  stream: true,
  tool_choice: true,
  tools: true,
};
