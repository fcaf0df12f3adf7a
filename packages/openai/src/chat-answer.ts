// An answer of the Chat Completions API: chunks of deltas closed by a finish reason, or one completion.
import { AgentError, type ChatUpdate, type FinishReason, type Usage } from '@turnstream/core';
import { type Answer, type Progress, readFrame } from './answer.ts';
import type { CallContext } from './service-error.ts';
import { asList, asObject, asText, type JsonObject } from './untrusted.ts';
import { contentUpdate, metadataUpdate, type SaidContent } from './updates.ts';
import { readUsage } from './usage.ts';

const OPEN_BRACKET = '['.charCodeAt(0);

/**
 * Finished by a `finish_reason` or by `[DONE]`, whichever comes; nothing is left to wait for after `[DONE]`, or once the
 * usage is known as well. Some services count on every chunk, so the last count is given out once, at the end.
 */
export class ChatAnswer implements Answer {
  progress: Progress = 'open';
  readonly #context: CallContext;
  #begun = false;
  #responseId: string | null = null;
  #usage: Usage | null = null;

  constructor(context: CallContext) {
    this.#context = context;
  }

  takeFrame(event: string | undefined, data: string, updates: ChatUpdate[]): void {
    if (data.charCodeAt(0) === OPEN_BRACKET && data.trim() === '[DONE]') {
      this.#end(updates);
      return;
    }
    const chunk = readFrame(event, data, this.#context);
    if (chunk === null) return;
    this.#responseId ??= asText(chunk['id']);
    const usage = readUsage(chunk['usage'], 'prompt', 'completion');
    if (usage !== null) this.#usage = usage;
    const choice = firstChoice(chunk);
    if (choice !== null) this.#takeChoice(choice, updates);
    if (usage !== null && this.progress === 'finished') this.#end(updates);
  }

  takeWhole(body: JsonObject, updates: ChatUpdate[]): void {
    const choice = firstChoice(body);
    const message = asObject(choice?.['message']);
    if (choice === null || message === null) {
      throw new AgentError('not_a_stream', 'The service answered with JSON that is not a chat completion.');
    }
    this.#responseId = asText(body['id']);
    this.#addContents(message, updates);
    updates.push(
      metadataUpdate(this.#responseId, finishReasonOf(choice), readUsage(body['usage'], 'prompt', 'completion')),
    );
    this.progress = 'ended';
  }

  close(updates: ChatUpdate[]): void {
    this.#end(updates);
  }

  #takeChoice(choice: JsonObject, updates: ChatUpdate[]): void {
    const delta = asObject(choice['delta']);
    if (delta !== null) this.#takeDelta(delta, updates);
    const finishReason = finishReasonOf(choice);
    if (finishReason === null || this.progress !== 'open') return;
    this.progress = 'finished';
    updates.push(metadataUpdate(this.#responseId, finishReason));
  }

  #takeDelta(delta: JsonObject, updates: ChatUpdate[]): void {
    if (!this.#begun) {
      this.#begun = true;
      updates.push(metadataUpdate(this.#responseId));
    }
    this.#addContents(delta, updates);
  }

  /** Of a delta or of a whole message: both write them alike. */
  #addContents(source: JsonObject, updates: ChatUpdate[]): void {
    const text = asText(source['content']);
    if (text !== null) this.#add({ type: 'text', text }, updates);
    const refusal = asText(source['refusal']);
    if (refusal !== null) this.#add({ type: 'refusal', text: refusal }, updates);
  }

  #add(content: SaidContent, updates: ChatUpdate[]): void {
    // This API has ids for completions and none for messages.
    updates.push(contentUpdate(content, null, this.#responseId));
  }

  #end(updates: ChatUpdate[]): void {
    if (this.progress === 'ended') return;
    this.progress = 'ended';
    if (this.#usage !== null) updates.push(metadataUpdate(this.#responseId, null, this.#usage));
  }
}

/** One answer was asked for; choices that say they are another one are not it. Azure's first chunk has none at all. */
function firstChoice(chunk: JsonObject): JsonObject | null {
  const choice = asObject(asList(chunk['choices'])?.[0]);
  return choice === null || (choice['index'] ?? 0) !== 0 ? null : choice;
}

function finishReasonOf(choice: JsonObject): FinishReason | null {
  const reason = asText(choice['finish_reason']);
  return reason === 'function_call' ? 'tool_calls' : reason;
}
