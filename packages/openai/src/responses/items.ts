// From messages to the input items of a Responses request: each thing in its own item, in its place, and only legal sequences.
import type { Content, Message, ReasoningContent } from '@turnstream/core';
import { asList, asObject, asText, type JsonObject, resultsOf } from '@turnstream/core/seams';
import { replayedName } from '../request/declarations.ts';
import { markOf, unsendable } from '../request/unsendable.ts';
import { RESPONSES } from './contents.ts';
import { type InputPart, inputPart } from './media.ts';

/** An input item as this API writes it. */
export type ResponsesItem = MessageItem | ReasoningItem | CallItem | ResultItem | OwnItem;

interface MessageItem {
  readonly type: 'message';
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: readonly MessagePart[];
  readonly phase?: string;
}

type MessagePart =
  | InputPart
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
  readonly output: string | readonly InputPart[];
}

/** An item of the service's own, as it came. */
type OwnItem = JsonObject;

/**
 * One item for each message; reasoning, calls, results and the service's own items are items too, in their places. Throws
 * `input_invalid` for a message or a content that has no place here.
 */
export function inputItems(messages: readonly Message[]): ResponsesItem[] {
  const items: ResponsesItem[] = [];
  for (const message of messages) {
    if (message.role === 'tool') addResults(message, items);
    else if (message.role === 'assistant') addAssistantItems(message, items);
    else addQuestion(message, message.role, items);
  }
  return items.some(isReasoning) ? withoutLoneReasoning(items) : items;
}

function addQuestion(message: Message, role: 'system' | 'user', items: ResponsesItem[]): void {
  if (typeof message.contents === 'string') {
    items.push({ type: 'message', role, content: [{ type: 'input_text', text: message.contents }] });
    return;
  }
  let content: InputPart[] = [];
  for (const each of message.contents) {
    const own = ownItem(each);
    if (own === null) content.push(inputPart(each));
    else {
      if (content.length > 0) items.push({ type: 'message', role, content });
      content = [];
      items.push(own);
    }
  }
  if (content.length > 0) items.push({ type: 'message', role, content });
}

function addResults(message: Message, items: ResponsesItem[]): void {
  const results = resultsOf(message);
  if (results.length === 0) throw unsendable(message);
  for (const { callId, result, items: parts } of results) {
    const output = parts === undefined ? result : parts.map(inputPart);
    items.push({ type: 'function_call_output', call_id: callId, output });
  }
}

function addAssistantItems(message: Message, items: ResponsesItem[]): void {
  if (typeof message.contents === 'string') {
    items.push(assistantMessage([outputText(message.contents)], message.phase));
    return;
  }
  let parts: MessagePart[] = [];
  const close = (): void => {
    if (parts.length > 0) items.push(assistantMessage(parts, message.phase));
    parts = [];
  };
  for (const content of message.contents) {
    if (content.type === 'text') parts.push(outputText(content.text));
    else if (content.type === 'refusal') parts.push({ type: 'refusal', refusal: content.text });
    else if (content.type === 'text_reasoning') {
      close();
      addReasoning(content, items);
    } else {
      const item = ownItem(content);
      const mark = item === null ? markOf(content) : '';
      if (mark !== '') parts.push(outputText(mark));
      if (item === null) continue;
      close();
      items.push(item);
    }
  }
  close();
}

function outputText(text: string): MessagePart {
  return { type: 'output_text', text, annotations: [] };
}

function assistantMessage(content: readonly MessagePart[], phase: string | undefined): MessageItem {
  return { type: 'message', role: 'assistant', content, ...(phase === undefined ? {} : { phase }) };
}

/** A call of ours, or an item of the service's; null for what is neither, or belongs to another API. */
function ownItem(content: Content): ResponsesItem | null {
  if (content.type === 'function_call') {
    const { callId, name, arguments: args } = content;
    return { type: 'function_call', call_id: callId, name: replayedName(name), arguments: args };
  }
  if (content.type !== 'service_item' && content.type !== 'data') return null;
  const kept = asObject(asObject(content.opaque?.[RESPONSES])?.['item']);
  if (kept === null) return null;
  const item = sendable(kept);
  return content.type === 'data' ? { ...item, result: content.uri.slice(content.uri.indexOf(',') + 1) } : item;
}

/** An item as received, without output-only members: the service refuses a request that contains them. */
function sendable(item: JsonObject): JsonObject {
  const { type } = item;
  const members = Object.entries(item)
    .filter(([name]) => name !== 'created_by' && (name !== 'status' || type !== 'compaction'))
    .map(([name, value]) => [name, type === 'shell_call_output' && name === 'output' ? sendableParts(value) : value]);
  return Object.fromEntries(members);
}

function sendableParts(output: unknown): unknown {
  return asList(output)?.map((part) => sendable(asObject(part) ?? {})) ?? output;
}

/** The parts of one item come as contents of one id, and the last of them has what the service wants back. */
function addReasoning(content: ReasoningContent, items: ResponsesItem[]): void {
  const encrypted = encryptedOf(content);
  const open = items.at(-1);
  const continues = open !== undefined && isReasoning(open) && open.id !== undefined && open.id === content.id;
  const summary = content.text === '' ? [] : [{ type: 'summary_text', text: content.text } as const];
  if (continues) items.pop();
  items.push({
    type: 'reasoning',
    ...(content.id === undefined ? {} : { id: content.id }),
    summary: continues ? [...open.summary, ...summary] : summary,
    encrypted_content: encrypted ?? (continues ? open.encrypted_content : ''),
  });
}

/** `encrypted` is how histories of versions before `opaque` hold it. */
function encryptedOf({ opaque, encrypted }: ReasoningContent): string | null {
  return asText(asObject(opaque?.[RESPONSES])?.['encrypted_content']) ?? encrypted ?? null;
}

/**
 * The service refuses reasoning that nothing followed, which an answer cut in mid-thought leaves, and has no use for
 * reasoning without its encrypted content.
 */
function withoutLoneReasoning(items: readonly ResponsesItem[]): ResponsesItem[] {
  const kept: ResponsesItem[] = [];
  let isFollowed = false;
  for (const item of items.toReversed()) {
    if (isReasoning(item) && (!isFollowed || item.encrypted_content === '')) continue;
    kept.push(item);
    isFollowed = !('role' in item && item.role !== 'assistant') && item['type'] !== 'function_call_output';
  }
  return kept.toReversed();
}

function isReasoning(item: ResponsesItem): item is ReasoningItem {
  return item['type'] === 'reasoning' && Array.isArray(item['summary']);
}
