// From messages to the body of a Responses request. Pure: nothing is added that the request does not say.
import type { Content, Message } from '@turnstream/core';
import { type ChatRequest, resultsOf } from '@turnstream/core/seams';
import { replayedName, responsesDeclarations } from '../request/declarations.ts';
import { unsendable } from '../request/unsendable.ts';

/** An input item as this API writes it. */
export type ResponsesItem = MessageItem | ReasoningItem | CallItem | ResultItem;

interface MessageItem {
  readonly type: 'message';
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: readonly MessagePart[];
}

type MessagePart =
  | { readonly type: 'input_text'; readonly text: string }
  | { readonly type: 'output_text'; readonly text: string; readonly annotations: readonly [] }
  | { readonly type: 'refusal'; readonly refusal: string };

interface ReasoningItem {
  readonly type: 'reasoning';
  readonly id?: string;
  readonly summary: readonly { readonly type: 'summary_text'; readonly text: string }[];
  readonly encrypted_content: string;
}

/** Without the id that the service gave the item: it would look for it in its store. */
interface CallItem {
  readonly type: 'function_call';
  readonly call_id: string;
  readonly name: string;
  readonly arguments: string;
}

interface ResultItem {
  readonly type: 'function_call_output';
  readonly call_id: string;
  readonly output: string;
}

const ENCRYPTED_REASONING = ['reasoning.encrypted_content'];

/** What a client says in every request. */
export interface ResponsesBase {
  readonly model: string;
  readonly text?: object;
  readonly reasoning?: object | null;
}

/**
 * Without `request.conversation` nothing is stored at the service and everything is replayed. With it the service keeps
 * the conversation: under an id of its own (`conv_`), or as a chain of responses.
 */
export function responsesBody(base: ResponsesBase, request: ChatRequest): object {
  const { conversation, instructions, stream } = request;
  // A deployment's name says nothing about its model; asking it to reason does.
  const reasons = isReasoningModel(base.model) || base.reasoning != null;
  return {
    ...base,
    ...(instructions === null || instructions === '' ? {} : { instructions }),
    input: inputItems(request.messages),
    ...responsesDeclarations(request, base.text),
    stream,
    ...(conversation === undefined ? replayed(reasons) : continued(conversation.id)),
  };
}

/** The same for a response without a connection. There is no other way to fetch it, so the service stores it in any case. */
export function backgroundBody(base: ResponsesBase, request: ChatRequest): object {
  const kept = request.conversation === undefined ? { store: true } : {};
  return { ...responsesBody(base, request), background: true, ...kept };
}

/**
 * OpenAI's models reason, except for GPT-3.5, GPT-4 and the chat variants: a list of what does not reason still holds for the
 * next generation. Gateways put the vendor in front of a `/`; fine-tuned models carry the base's name.
 */
export function isReasoningModel(model: string): boolean {
  const [base = ''] = (model.split('/').at(-1) ?? '').replace(/^ft:/, '').split(':');
  return /^(?:o\d|gpt-)/.test(base) && !/^gpt-(?:3|4)|-chat\b|^gpt-oss/.test(base);
}

function replayed(reasons: boolean): object {
  return reasons ? { store: false, include: ENCRYPTED_REASONING } : { store: false };
}

function continued(id: string | null): object {
  if (id === null) return {};
  return id.startsWith('conv_') ? { conversation: id } : { previous_response_id: id };
}

/**
 * One item for each message; reasoning, calls and results are items of their own, in their places. Throws `input_invalid`
 * as `chatMessages` does.
 */
export function inputItems(messages: readonly Message[]): ResponsesItem[] {
  const items: ResponsesItem[] = [];
  for (const message of messages) {
    const { role } = message;
    if (role === 'tool') addResults(message, items);
    else if (role === 'assistant') addAssistantItems(message, items);
    else items.push({ type: 'message', role, content: inputParts(message) });
  }
  return items;
}

function inputParts({ contents }: Message): MessagePart[] {
  if (typeof contents === 'string') return [{ type: 'input_text', text: contents }];
  const parts: MessagePart[] = [];
  for (const content of contents) {
    if (content.type === 'text') parts.push({ type: 'input_text', text: content.text });
  }
  return parts;
}

function addResults(message: Message, items: ResponsesItem[]): void {
  const results = resultsOf(message);
  if (results.length === 0) throw unsendable(message);
  for (const { callId, result } of results) {
    items.push({ type: 'function_call_output', call_id: callId, output: result });
  }
}

function addAssistantItems({ contents }: Message, items: ResponsesItem[]): void {
  if (typeof contents === 'string') {
    items.push(assistantMessage([outputText(contents)]));
    return;
  }
  let parts: MessagePart[] = [];
  for (const content of contents) {
    if (content.type === 'text') parts.push(outputText(content.text));
    else if (content.type === 'refusal') parts.push({ type: 'refusal', refusal: content.text });
    const item = ownItem(content);
    if (item === null) continue;
    if (parts.length > 0) items.push(assistantMessage(parts));
    parts = [];
    items.push(item);
  }
  if (parts.length > 0) items.push(assistantMessage(parts));
}

/** A content that stands between messages and not in one. */
function ownItem(content: Content): ResponsesItem | null {
  if (content.type === 'text_reasoning' && content.encrypted !== undefined) {
    return reasoningItem(content.text, content.id, content.encrypted);
  }
  if (content.type !== 'function_call') return null;
  const { callId, name, arguments: args } = content;
  return { type: 'function_call', call_id: callId, name: replayedName(name), arguments: args };
}

function outputText(text: string): MessagePart {
  return { type: 'output_text', text, annotations: [] };
}

function assistantMessage(content: readonly MessagePart[]): MessageItem {
  return { type: 'message', role: 'assistant', content };
}

function reasoningItem(text: string, id: string | undefined, encrypted: string): ReasoningItem {
  return {
    type: 'reasoning',
    ...(id === undefined ? {} : { id }),
    summary: text === '' ? [] : [{ type: 'summary_text', text }],
    encrypted_content: encrypted,
  };
}
