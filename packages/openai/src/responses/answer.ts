// An answer of the Responses API: numbered events closed by the whole response, or that response alone.
import { AgentError, type FunctionCallContent } from '@turnstream/core';
import {
  asCount,
  asList,
  asObject,
  asText,
  type CallContext,
  type ChatUpdate,
  type JsonObject,
  serviceError,
  withHeaders,
} from '@turnstream/core/seams';
import type { Decoder, Progress, Sink } from '../call/decoder.ts';
import { FrameReader } from '../call/frame-reader.ts';
import { contentUpdate, metadataUpdate, type SaidContent, workingUpdate } from '../call/updates.ts';
import { ResponsesCalls } from './calls.ts';
import { contentsOfItem, encryptedReasoning, type OutputContent } from './contents.ts';
import { DeltaLog, placeOf } from './delta-log.ts';
import { ENDS, isAtWork, isCall, speaks, typeOf } from './event.ts';
import { ResponseExtras } from './extras.ts';
import { endStatus, failureOf, metadataOf, outputItems } from './response-object.ts';
import { closingUpdate, contentUpdates } from './whole-response.ts';

type Kind = SaidContent['type'];

/** What is known of a response before its stream. */
export interface ResumePoint {
  /** Null when the stream will say. */
  readonly responseId: string | null;
  /** The number of the last event of an earlier stream; null when there was none. */
  readonly after: number | null;
}

/** Ended by `response.completed` or `response.incomplete`, and by nothing else: `[DONE]` proves nothing here. */
export class ResponsesDecoder implements Decoder {
  progress: Progress = 'open';
  readonly #context: CallContext;
  readonly #frames: FrameReader;
  readonly #atService: boolean;
  readonly #log: DeltaLog;
  readonly #calls = new ResponsesCalls();
  /** What the service calls the messages that it gave a phase. */
  #phases: Map<string, string> | null = null;
  readonly #extras = new ResponseExtras();
  #responseId: string | null;

  /** `atService`: the service keeps the conversation, so the end carries the id it goes on under. */
  constructor(context: CallContext, atService: boolean, resumePoint: ResumePoint | null = null) {
    this.#context = context;
    this.#frames = new FrameReader(context);
    this.#atService = atService;
    this.#log = new DeltaLog(resumePoint?.after);
    this.#responseId = resumePoint?.responseId ?? null;
  }

  takeFrame(event: string | undefined, data: string, updates: Sink<ChatUpdate>): void {
    if (data === '[DONE]') return;
    const frame = this.#frames.read(event, data);
    if (frame !== null) this.takeEvent(typeOf(frame, event), frame, updates);
  }

  takeEvent(type: string, frame: JsonObject, updates: Sink<ChatUpdate>): void {
    // An end that is sent again under an old number is still an end.
    if (this.#log.isRepeat(frame['sequence_number']) && !ENDS.has(type)) return;
    switch (type) {
      case 'response.output_text.delta':
        return this.#takeDelta('text', frame, asText(frame['delta']), updates);
      case 'response.refusal.delta':
        return this.#takeDelta('refusal', frame, asText(frame['delta']), updates);
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        return this.#takeDelta('text_reasoning', frame, asText(frame['delta']), updates);
      case 'response.output_text.done':
        return this.#takeDone('text', frame, asText(frame['text']), updates);
      case 'response.refusal.done':
        return this.#takeDone('refusal', frame, asText(frame['refusal']), updates);
      case 'response.reasoning_summary_text.done':
      case 'response.reasoning_text.done':
        return this.#takeDone('text_reasoning', frame, asText(frame['text']), updates);
      case 'response.function_call_arguments.delta':
        return this.#addCall(this.#calls.takeDelta(frame), updates);
      case 'response.function_call_arguments.done':
        return this.#addCall(this.#calls.takeArguments(frame), updates);
      case 'response.output_text.annotation.added':
        return this.#give([this.#extras.takeAnnotation(frame)], updates);
      case 'response.output_item.added':
        return this.#beginItem(frame, updates);
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
        if (isAtWork(type, frame)) updates.push(workingUpdate(this.#responseId));
    }
  }

  takeWhole(body: JsonObject, updates: Sink<ChatUpdate>): void {
    const status = asText(body['status']) ?? (asList(body['output']) === null ? null : 'completed');
    if (status === null) {
      throw new AgentError('not_a_stream', 'The answer is JSON, but not a response. Check the base URL.');
    }
    if (status === 'queued' || status === 'in_progress') {
      throw new AgentError(
        'stream_truncated',
        `The service answered with a response that is still ${status}. Ask again.`,
      );
    }
    this.#refuseFailure(body, status);
    const said = contentUpdates(body);
    for (const update of said) updates.push(update);
    const hasCalls = said.some(({ contents }) => contents.some((content) => content.type === 'function_call'));
    this.#responseId = asText(body['id']);
    this.#close(body, status, hasCalls, updates);
  }

  close(): void {
    // Nothing is held back: an answer of this API is not finished before it has ended.
  }

  #begin(frame: JsonObject, updates: Sink<ChatUpdate>): void {
    this.#responseId ??= asText(asObject(frame['response'])?.['id']);
    const metadata = withHeaders(metadataOf(asObject(frame['response']) ?? {}), this.#context);
    updates.push(metadataUpdate(this.#responseId, null, null, null, metadata));
  }

  #takeDelta(kind: Kind, frame: JsonObject, text: string | null, updates: Sink<ChatUpdate>): void {
    if (text === null) return;
    const place = placeOf(kind, frame);
    const { itemId, part } = place;
    this.#log.add(kind, place, text);
    if (kind !== 'text_reasoning') {
      const phase = itemId === null ? null : (this.#phases?.get(itemId) ?? null);
      updates.push(contentUpdate({ type: kind, text }, itemId, this.#responseId, phase));
      return;
    }
    const id = itemId === null ? {} : { id: itemId };
    updates.push(
      contentUpdate(
        part === null || part === 0 ? { type: kind, text, ...id } : { type: kind, text, ...id, part },
        null,
        this.#responseId,
      ),
    );
  }

  /** `done` repeats what the deltas said; what it says beyond them counts. */
  #takeDone(kind: Kind, frame: JsonObject, whole: string | null, updates: Sink<ChatUpdate>): void {
    const place = placeOf(kind, frame);
    const rest = whole === null ? '' : this.#log.restOf(kind, place, whole);
    if (rest !== '') this.#takeDelta(kind, frame, rest, updates);
    this.#log.endPart(kind, place);
  }

  #beginItem(frame: JsonObject, updates: Sink<ChatUpdate>): void {
    const item = asObject(frame['item']);
    if (item === null) return;
    const [id, phase] = [asText(item['id']), asText(item['phase'])];
    this.#log.begin(id);
    if (id !== null && phase !== null) (this.#phases ??= new Map()).set(id, phase);
    if (isCall(item)) this.#calls.begin(item, frame['output_index']);
    // A message and a call show progress by their deltas; any other item may be silent for long.
    else if (item['type'] !== 'message') updates.push(workingUpdate(this.#responseId));
  }

  #takeItem(frame: JsonObject, updates: Sink<ChatUpdate>): void {
    const item = asObject(frame['item']);
    if (item === null) return;
    const index = asCount(frame['output_index']);
    if (isCall(item)) return this.#addCall(this.#calls.takeItem(item, index, false), updates);
    if (!speaks(item)) return this.#give(this.#extras.takeItem(item, index, false), updates);
    const said = contentsOfItem(item);
    const unsaid = this.#log.addItem(item, { itemId: asText(item['id']), index, part: null }, said);
    // Some services send nothing else of an item. What came as deltas lacks only what the service wants back, which is in the last part.
    this.#give(this.#extras.noted(unsaid), updates);
    if (item['type'] === 'reasoning' && unsaid.at(-1) !== said.at(-1)) this.#give(encryptedReasoning(item), updates);
  }

  #give(outputs: readonly OutputContent[], updates: Sink<ChatUpdate>): void {
    for (const { content, messageId, phase } of outputs) {
      updates.push(contentUpdate(content, messageId, this.#responseId, phase));
    }
  }

  #addCall(call: FunctionCallContent | null, updates: Sink<ChatUpdate>): void {
    if (call !== null) updates.push(contentUpdate(call, null, this.#responseId));
  }

  #end(response: JsonObject, event: string, updates: Sink<ChatUpdate>): void {
    const status = endStatus(response, event);
    this.#refuseFailure(response, status);
    this.#responseId ??= asText(response['id']);
    const items = outputItems(response);
    const said = items.filter(speaks).flatMap(contentsOfItem);
    this.#give(this.#extras.noted(this.#log.missingFrom(said)), updates);
    for (const [place, item] of items.entries()) this.#addRest(item, place, updates);
    if (!this.#log.isResumed) this.#give(this.#extras.missingCitations(said), updates);
    for (const call of this.#calls.takeEnd(this.#log.isLossy)) this.#addCall(call, updates);
    this.#close(response, status, !this.#calls.isEmpty || items.some(isCall), updates);
  }

  #addRest(item: JsonObject, place: number, updates: Sink<ChatUpdate>): void {
    if (speaks(item)) return;
    // One that is new here, in a resumed stream, was given out before.
    if (isCall(item)) {
      if (!this.#log.isResumed || this.#calls.has(item, place))
        this.#addCall(this.#calls.takeItem(item, place, true), updates);
    } else if (!this.#log.isResumed) this.#give(this.#extras.takeItem(item, place, true), updates);
  }

  #refuseFailure(response: JsonObject, status: string): void {
    const failure = failureOf(response, status);
    if (failure !== null) throw serviceError(failure, this.#context);
  }

  #close(response: JsonObject, status: string, hasCalls: boolean, updates: Sink<ChatUpdate>): void {
    const place = { responseId: this.#responseId, hasCalls, atService: this.#atService, context: this.#context };
    updates.push(closingUpdate(response, status, place));
    this.progress = 'ended';
  }
}
