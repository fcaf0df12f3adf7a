// An answer of the Responses API: numbered events closed by the whole response, or that response alone.
import { AgentError, type ChatUpdate } from '@turnstream/core';
import { type Answer, type Progress, readFrame } from './answer.ts';
import { DeltaLog } from './delta-log.ts';
import { conversationIdOf, encryptedReasoning, failureOf, finishReasonOf, outputContents } from './response-object.ts';
import { type CallContext, serviceError } from './service-error.ts';
import { asList, asObject, asText, type JsonObject } from './untrusted.ts';
import { contentUpdate, metadataUpdate, type SaidContent } from './updates.ts';
import { readUsage } from './usage.ts';

type Kind = SaidContent['type'];

const ENDS: ReadonlySet<string> = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
  'response.cancelled',
]);

/** Ended by `response.completed` or `response.incomplete`, and by nothing else: `[DONE]` proves nothing here. */
export class ResponsesAnswer implements Answer {
  progress: Progress = 'open';
  readonly #context: CallContext;
  readonly #atService: boolean;
  readonly #log = new DeltaLog();
  #responseId: string | null = null;

  /** `atService`: the service keeps the conversation, so the end carries the id it goes on under. */
  constructor(context: CallContext, atService: boolean) {
    this.#context = context;
    this.#atService = atService;
  }

  takeFrame(event: string | undefined, data: string, updates: ChatUpdate[]): void {
    if (data === '[DONE]') return;
    const frame = readFrame(event, data, this.#context);
    if (frame === null) return;
    const type = asText(frame['type']) ?? event ?? '';
    // An end that is sent again under an old number is still an end.
    if (this.#log.isRepeat(frame['sequence_number']) && !ENDS.has(type)) return;
    switch (type) {
      case 'response.output_text.delta':
        return this.#takeDelta('text', frame, 'delta', updates);
      case 'response.refusal.delta':
        return this.#takeDelta('refusal', frame, 'delta', updates);
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        return this.#takeDelta('text_reasoning', frame, 'delta', updates);
      case 'response.output_text.done':
        return this.#takeDone('text', frame, 'text', updates);
      case 'response.refusal.done':
        return this.#takeDone('refusal', frame, 'refusal', updates);
      case 'response.reasoning_summary_text.done':
      case 'response.reasoning_text.done':
        return this.#takeDone('text_reasoning', frame, 'text', updates);
      case 'response.output_item.done':
        return this.#takeItem(frame, updates);
      case 'response.created':
        return this.#begin(frame, updates);
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
      case 'response.cancelled':
        return this.#end(asObject(frame['response']) ?? {}, type.slice('response.'.length), updates);
      default:
      // Events this client does not know say nothing about the text or the end.
    }
  }

  takeWhole(body: JsonObject, updates: ChatUpdate[]): void {
    const status = asText(body['status']) ?? (asList(body['output']) === null ? null : 'completed');
    if (status === null) {
      throw new AgentError('not_a_stream', 'The service answered with JSON that is not a response.');
    }
    if (status === 'queued' || status === 'in_progress') {
      throw new AgentError(
        'stream_truncated',
        `The service answered with a response that is still ${status}. Ask again.`,
      );
    }
    this.#end(body, status, updates);
  }

  close(): void {
    // Nothing is held back: an answer of this API is not finished before it has ended.
  }

  #begin(frame: JsonObject, updates: ChatUpdate[]): void {
    this.#responseId ??= asText(asObject(frame['response'])?.['id']);
    updates.push(metadataUpdate(this.#responseId));
  }

  #takeDelta(kind: Kind, frame: JsonObject, field: 'delta' | 'text' | 'refusal', updates: ChatUpdate[]): void {
    const text = asText(frame[field]);
    if (text === null) return;
    const itemId = asText(frame['item_id']);
    this.#log.add(kind, itemId, text);
    updates.push(
      kind === 'text_reasoning'
        ? contentUpdate(
            itemId === null ? { type: kind, text } : { type: kind, text, id: itemId },
            null,
            this.#responseId,
          )
        : contentUpdate({ type: kind, text }, itemId, this.#responseId),
    );
  }

  /** `done` repeats what the deltas said; it counts when its item had none. */
  #takeDone(kind: Kind, frame: JsonObject, field: 'text' | 'refusal', updates: ChatUpdate[]): void {
    if (!this.#log.has(kind, asText(frame['item_id']))) this.#takeDelta(kind, frame, field, updates);
  }

  #takeItem(frame: JsonObject, updates: ChatUpdate[]): void {
    const content = encryptedReasoning(asObject(frame['item']));
    if (content !== null) updates.push(contentUpdate(content, null, this.#responseId));
  }

  #end(response: JsonObject, status: string, updates: ChatUpdate[]): void {
    const failure = failureOf(response, status);
    if (failure !== null) throw serviceError(failure, this.#context);
    this.#responseId ??= asText(response['id']);
    for (const { content, messageId } of this.#log.missingFrom(outputContents(response))) {
      updates.push(contentUpdate(content, messageId, this.#responseId));
    }
    const conversationId = this.#atService ? (conversationIdOf(response) ?? this.#responseId) : null;
    const usage = readUsage(response['usage'], 'input', 'output');
    updates.push(metadataUpdate(this.#responseId, finishReasonOf(response, status), usage, conversationId));
    this.progress = 'ended';
  }
}
