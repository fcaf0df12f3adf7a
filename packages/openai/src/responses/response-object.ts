// The `response` object of the Responses API, which is the whole answer or closes a stream: what it says about the end.
import type { FinishReason, ReasoningContent } from '@turnstream/core';
import type { SaidContent } from '../call/updates.ts';
import { reportOf, type ServiceReport } from '../service/service-error.ts';
import { asList, asObject, asText, type JsonObject } from '../service/untrusted.ts';

/** A content of the answer and the message it belongs to; reasoning belongs to none. */
export interface OutputContent {
  readonly content: SaidContent;
  readonly messageId: string | null;
}

/** What the answer consists of, each at its place. */
export function outputItems(response: JsonObject): JsonObject[] {
  return (asList(response['output']) ?? []).map((item) => asObject(item) ?? {});
}

/** What a message or a reasoning item says; other items say nothing. */
export function saidContents(item: JsonObject): OutputContent[] {
  if (item['type'] === 'message') return messageContents(item);
  return item['type'] === 'reasoning' ? reasoningContents(item) : [];
}

function messageContents(item: JsonObject): OutputContent[] {
  const messageId = asText(item['id']);
  const contents: OutputContent[] = [];
  for (const part of partsOf(item['content'])) {
    const text = asText(part['text']);
    const refusal = asText(part['refusal']);
    if (part['type'] === 'output_text' && text !== null) contents.push({ content: { type: 'text', text }, messageId });
    if (part['type'] === 'refusal' && refusal !== null) {
      contents.push({ content: { type: 'refusal', text: refusal }, messageId });
    }
  }
  return contents;
}

function reasoningContents(item: JsonObject): OutputContent[] {
  const id = asText(item['id']);
  const parts = [...partsOf(item['summary']), ...partsOf(item['content'])];
  const text = parts.map((part) => asText(part['text']) ?? '').join('');
  const encrypted = asText(item['encrypted_content']);
  if (text === '' && encrypted === null) return [];
  const content: ReasoningContent = {
    type: 'text_reasoning',
    text,
    ...(id === null ? {} : { id }),
    ...(encrypted === null ? {} : { encrypted }),
  };
  return [{ content, messageId: null }];
}

/** The opaque part of a finished reasoning item, which the service wants back; its text came as deltas. */
export function encryptedReasoning(item: JsonObject | null): ReasoningContent | null {
  if (item?.['type'] !== 'reasoning') return null;
  const id = asText(item['id']);
  const encrypted = asText(item['encrypted_content']);
  return encrypted === null ? null : { type: 'text_reasoning', text: '', ...(id === null ? {} : { id }), encrypted };
}

function partsOf(value: unknown): JsonObject[] {
  return (asList(value) ?? []).map(asObject).filter((part) => part !== null);
}

/** What a response with this status failed of; null when it did not fail. */
export function failureOf(response: JsonObject, status: string): ServiceReport | null {
  if (status === 'cancelled') {
    return { code: 'cancelled', type: null, message: 'the response was cancelled at the service' };
  }
  return status === 'failed' ? reportOf(asObject(response['error']) ?? {}) : null;
}

/** An incomplete answer was cut short; the only known reason besides the filter is the limit of tokens. */
export function finishReasonOf(response: JsonObject, status: string, hasCalls: boolean): FinishReason {
  if (status !== 'incomplete') return hasCalls ? 'tool_calls' : 'stop';
  const reason = asText(asObject(response['incomplete_details'])?.['reason']);
  return reason === 'content_filter' ? 'content_filter' : 'length';
}

/** Where the service keeps the conversation: under an id of its own, or under the newest response's. */
export function conversationIdOf(response: JsonObject): string | null {
  return asText(asObject(response['conversation'])?.['id']) ?? asText(response['id']);
}
