// An answer of the Chat Completions API: chunks of deltas closed by a finish reason, or one completion.
import { AgentError, type FinishReason, type FunctionCallContent, type Usage } from '@turnstream/core';
import {
  asList,
  asObject,
  asText,
  type CallContext,
  type ChatUpdate,
  type JsonObject,
  reportOf,
  serviceError,
  withHeaders,
} from '@turnstream/core/seams';
import type { Decoder, Progress, Sink } from '../call/decoder.ts';
import { FrameReader } from '../call/frame-reader.ts';
import { contentUpdate, metadataUpdate, workingUpdate } from '../call/updates.ts';
import { readUsage } from '../service/usage.ts';
import { ChatCalls } from './calls.ts';
import { reasonsSilently, saidIn } from './contents.ts';
import { finishReasonIn, meansFailure } from './finish-reason.ts';
import { metadataIn } from './metadata.ts';

const OPEN_BRACKET = '['.charCodeAt(0);

/**
 * Finished by a `finish_reason` or by `[DONE]`, whichever comes first. Nothing more is expected after `[DONE]`, nor
 * after a chunk with the usage and without a finish reason. An answer with more text after its finish reason continues
 * until the next one. Some services send the usage on every chunk, so only the last one is given out, at the end.
 */
export class ChatDecoder implements Decoder {
  progress: Progress = 'open';
  readonly #context: CallContext;
  readonly #frames: FrameReader;
  readonly #calls = new ChatCalls();
  #begun = false;
  #responseId: string | null = null;
  #usage: Usage | null = null;
  #finishReason: FinishReason | null = null;

  constructor(context: CallContext) {
    this.#context = context;
    this.#frames = new FrameReader(context);
  }

  takeFrame(event: string | undefined, data: string, updates: Sink<ChatUpdate>): void {
    if (data.charCodeAt(0) === OPEN_BRACKET && data.trim() === '[DONE]') return this.#takeDone(updates);
    const chunk = this.#frames.read(event, data);
    if (chunk === null) return;
    this.#responseId ??= asText(chunk['id']);
    const usage = readUsage(chunk['usage'], 'prompt', 'completion');
    if (usage !== null) this.#usage = usage;
    const choice = firstChoice(chunk);
    if (choice !== null) this.#takeChoice(choice, chunk, updates);
    // Some services send both the usage and a finish reason on every chunk, so this may not be the last one.
    const endsHere = choice !== null && finishReasonOf(choice) !== null;
    if (usage !== null && this.progress === 'finished' && !endsHere) this.#end(updates);
  }

  takeWhole(body: JsonObject, updates: Sink<ChatUpdate>): void {
    const choice = firstChoice(body);
    const message = asObject(choice?.['message']);
    if (choice === null || message === null) {
      throw new AgentError('not_a_stream', 'The answer is JSON, but not a chat completion. Check the base URL.');
    }
    this.#responseId = asText(body['id']);
    for (const content of saidIn(message)) updates.push(contentUpdate(content, null, this.#responseId));
    this.#addCalls(this.#calls.takeWhole(asList(message['tool_calls']) ?? []), updates);
    this.#refuseFailure(choice);
    this.#finishReason = finishReasonOf(choice);
    this.#refuseMissingCalls();
    const usage = readUsage(body['usage'], 'prompt', 'completion');
    updates.push(
      metadataUpdate(
        this.#responseId,
        this.#finishReason,
        usage,
        null,
        withHeaders(metadataIn(body, choice), this.#context),
      ),
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

  #takeChoice(choice: JsonObject, chunk: JsonObject, updates: Sink<ChatUpdate>): void {
    const delta = asObject(choice['delta']);
    if (delta !== null) this.#takeDelta(delta, choice, chunk, updates);
    this.#refuseFailure(choice);
    const finishReason = finishReasonOf(choice);
    if (finishReason === null || this.progress !== 'open') return;
    this.progress = 'finished';
    this.#addCalls(this.#calls.takeEmpty(), updates);
    if (finishReason === this.#finishReason) return;
    this.#finishReason = finishReason;
    updates.push(metadataUpdate(this.#responseId, finishReason));
  }

  #takeDelta(delta: JsonObject, choice: JsonObject, chunk: JsonObject, updates: Sink<ChatUpdate>): void {
    const metadata = this.#begun ? metadataIn({}, choice) : withHeaders(metadataIn(chunk, choice), this.#context);
    if (!this.#begun || metadata !== null) {
      this.#begun = true;
      updates.push(metadataUpdate(this.#responseId, null, null, null, metadata));
    }
    const contents = saidIn(delta);
    for (const content of contents) updates.push(contentUpdate(content, null, this.#responseId));
    const calls = this.#calls.take(asList(delta['tool_calls']) ?? []);
    this.#addCalls(calls, updates);
    if (contents.length + calls.length === 0 && reasonsSilently(delta)) updates.push(workingUpdate(this.#responseId));
    // A finish reason on every chunk, or after every call: the answer goes on.
    if (this.progress === 'finished' && contents.length + calls.length > 0) this.progress = 'open';
  }

  #addCalls(calls: readonly FunctionCallContent[], updates: Sink<ChatUpdate>): void {
    for (const call of calls) updates.push(contentUpdate(call, null, this.#responseId));
  }

  #refuseFailure(choice: JsonObject): void {
    const error = asObject(choice['error']);
    const reason = asText(choice['finish_reason']);
    if (error !== null) throw serviceError(reportOf(error), this.#context);
    if (reason !== null && meansFailure(reason)) {
      throw serviceError({ code: reason, type: null, message: null }, this.#context);
    }
  }

  #refuseMissingCalls(): void {
    if (this.#finishReason !== 'tool_calls' || !this.#calls.isEmpty) return;
    throw new AgentError('stream_malformed', 'The answer ended with a tool call that is not in it. Ask again.');
  }

  #end(updates: Sink<ChatUpdate>): void {
    if (this.progress === 'ended') return;
    this.progress = 'ended';
    this.#addCalls(this.#calls.takeEmpty(), updates);
    this.#refuseMissingCalls();
    if (this.#usage !== null) updates.push(metadataUpdate(this.#responseId, null, this.#usage));
  }
}

/** One answer was asked for; choices that say they are another one are not it. Azure's first chunk has none at all. */
function firstChoice(chunk: JsonObject): JsonObject | null {
  const choices = (asList(chunk['choices']) ?? []).map(asObject);
  return choices.find((choice) => choice !== null && (choice['index'] ?? 0) === 0) ?? null;
}

function finishReasonOf(choice: JsonObject): FinishReason | null {
  const reason = asText(choice['finish_reason']);
  return reason === null ? null : finishReasonIn(reason);
}
