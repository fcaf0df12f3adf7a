// An answer of the Chat Completions API: chunks of deltas closed by a finish reason, or one completion.
import { AgentError, type FinishReason, type FunctionCallContent, type Usage } from '@turnstream/core';
import type { ChatUpdate } from '@turnstream/core/seams';
import { type Decoder, type Progress, readFrame, type Sink } from '../call/decoder.ts';
import { contentUpdate, metadataUpdate } from '../call/updates.ts';
import type { CallContext } from '../service/service-error.ts';
import { asList, asObject, asText, type JsonObject } from '../service/untrusted.ts';
import { readUsage } from '../service/usage.ts';
import { ChatCalls } from './calls.ts';

const OPEN_BRACKET = '['.charCodeAt(0);

/**
 * Finished by a `finish_reason` or by `[DONE]`, whichever comes; nothing is left to wait for after `[DONE]`, or once the
 * usage is known as well. Some services count on every chunk, so the last count is given out once, at the end.
 */
export class ChatDecoder implements Decoder {
  progress: Progress = 'open';
  readonly #context: CallContext;
  readonly #calls = new ChatCalls();
  #begun = false;
  #responseId: string | null = null;
  #usage: Usage | null = null;

  constructor(context: CallContext) {
    this.#context = context;
  }

  takeFrame(event: string | undefined, data: string, updates: Sink<ChatUpdate>): void {
    if (data.charCodeAt(0) === OPEN_BRACKET && data.trim() === '[DONE]') return this.#takeDone(updates);
    const chunk = readFrame(event, data, this.#context);
    if (chunk === null) return;
    this.#responseId ??= asText(chunk['id']);
    const usage = readUsage(chunk['usage'], 'prompt', 'completion');
    if (usage !== null) this.#usage = usage;
    const choice = firstChoice(chunk);
    if (choice !== null) this.#takeChoice(choice, updates);
    if (usage !== null && this.progress === 'finished') this.#end(updates);
  }

  takeWhole(body: JsonObject, updates: Sink<ChatUpdate>): void {
    const choice = firstChoice(body);
    const message = asObject(choice?.['message']);
    if (choice === null || message === null) {
      throw new AgentError('not_a_stream', 'The service answered with JSON that is not a chat completion.');
    }
    this.#responseId = asText(body['id']);
    this.#addTexts(message, updates);
    this.#addCalls(this.#calls.takeWhole(asList(message['tool_calls']) ?? []), updates);
    updates.push(
      metadataUpdate(this.#responseId, finishReasonOf(choice), readUsage(body['usage'], 'prompt', 'completion')),
    );
    this.progress = 'ended';
  }

  close(updates: Sink<ChatUpdate>): void {
    this.#end(updates);
  }

  /** Proves an answer whole, but not a call: one without a finish reason may have been cut anywhere, even before its arguments. */
  #takeDone(updates: Sink<ChatUpdate>): void {
    if (this.progress === 'open' && this.#calls.isInMidCall) {
      throw new AgentError('stream_truncated', 'The stream ended in the middle of a tool call. Ask again.');
    }
    this.#end(updates);
  }

  #takeChoice(choice: JsonObject, updates: Sink<ChatUpdate>): void {
    const delta = asObject(choice['delta']);
    if (delta !== null) this.#takeDelta(delta, updates);
    const finishReason = finishReasonOf(choice);
    if (finishReason === null || this.progress !== 'open') return;
    this.progress = 'finished';
    updates.push(metadataUpdate(this.#responseId, finishReason));
  }

  #takeDelta(delta: JsonObject, updates: Sink<ChatUpdate>): void {
    if (!this.#begun) {
      this.#begun = true;
      updates.push(metadataUpdate(this.#responseId));
    }
    this.#addTexts(delta, updates);
    const calls = asList(delta['tool_calls']);
    if (calls !== null) this.#addCalls(this.#calls.take(calls), updates);
  }

  /** Of a delta or of a whole message: both write them alike. This API has ids for completions and none for messages. */
  #addTexts(source: JsonObject, updates: Sink<ChatUpdate>): void {
    const text = asText(source['content']);
    if (text !== null) updates.push(contentUpdate({ type: 'text', text }, null, this.#responseId));
    const refusal = asText(source['refusal']);
    if (refusal !== null) updates.push(contentUpdate({ type: 'refusal', text: refusal }, null, this.#responseId));
  }

  #addCalls(calls: readonly FunctionCallContent[], updates: Sink<ChatUpdate>): void {
    for (const call of calls) updates.push(contentUpdate(call, null, this.#responseId));
  }

  #end(updates: Sink<ChatUpdate>): void {
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
