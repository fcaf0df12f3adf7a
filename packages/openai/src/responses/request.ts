// The body of a Responses request around its items. Pure: nothing is added that the request does not say.
import type { ChatRequest } from '@turnstream/core/seams';
import { responsesDeclarations } from '../request/declarations.ts';
import { inputItems } from './items.ts';

/** What to do when there is no `/responses`: many compatible servers have only Chat Completions. */
export const IF_MISSING =
  'The server does not seem to speak the Responses API. Use OpenAIChatCompletionsClient (OPENAI_API=chat_completions), or check the base URL.';

const ENCRYPTED_REASONING = 'reasoning.encrypted_content';

/** What a client says in every request. */
export interface ResponsesBase {
  readonly model: string;
  readonly text?: object;
  readonly reasoning?: object | null;
  readonly tools?: readonly object[];
  readonly include?: readonly string[] | null;
}

/**
 * Without `request.conversation` nothing is stored at the service and everything is replayed. With it the service keeps
 * the conversation: under an id of its own (`conv_`), or as a chain of responses. `list` is the placeholder of the messages.
 */
export function responsesBody(
  base: ResponsesBase,
  request: ChatRequest,
  list: readonly unknown[] = inputItems(request.messages),
): object {
  return bodyOf(base, request, list, { store: false });
}

/**
 * The same for a background response. It can only be fetched from the service, so services keep it for a while and may
 * refuse `store: false`; `store: true` would ask them to keep it beyond that.
 */
export function backgroundBody(base: ResponsesBase, request: ChatRequest): object {
  return { ...bodyOf(base, request, inputItems(request.messages), {}), background: true };
}

/** `kept`: the `store` member when the conversation is kept on our side. */
function bodyOf(
  base: ResponsesBase,
  request: ChatRequest,
  input: readonly unknown[],
  kept: { readonly store?: false },
): object {
  const { conversation, instructions, stream } = request;
  // A deployment's name says nothing about its model; asking it to reason does.
  const reasons = isReasoningModel(base.model) || base.reasoning != null;
  return {
    ...base,
    ...(instructions === null || instructions === '' ? {} : { instructions }),
    input,
    ...responsesDeclarations(request, base),
    stream,
    ...(conversation === undefined
      ? { ...kept, ...replayed(reasons, base.include ?? []) }
      : continued(conversation.id)),
  };
}

/**
 * OpenAI's models reason, except for GPT-3.5, GPT-4 and the chat variants: a list of what does not reason still holds for the
 * next generation. Gateways put the vendor in front of a `/`; fine-tuned models carry the base's name.
 */
export function isReasoningModel(model: string): boolean {
  const [base = ''] = (model.split('/').at(-1) ?? '').replace(/^ft:/, '').split(':');
  return /^(?:o\d|gpt-)/.test(base) && !/^gpt-(?:3|4)|-chat\b|^gpt-oss/.test(base);
}

function replayed(reasons: boolean, include: readonly string[]): object {
  return reasons ? { include: [...new Set([...include, ENCRYPTED_REASONING])] } : {};
}

function continued(id: string | null): object {
  if (id === null) return {};
  return id.startsWith('conv_') ? { conversation: id } : { previous_response_id: id };
}
