// The common interface of the two APIs: an answer goes in, frames or one JSON body come out.

import type { JsonObject } from '../request/body.ts';
import type { RecordedRequest } from '../request/recorded.ts';
import type { ErrorShape, ServiceError } from '../script/faults.ts';
import type { ReplyFinishReason, ReplyPart, ReplyStep, ReplyUsage } from '../script/reply.ts';
import { itemsOf, type OutputItem } from './output-items.ts';

/** A reply plus everything a service fills in by itself. */
export interface Answer {
  readonly id: string;
  /** Number of the call, from 1; message ids are derived from it. */
  readonly number: number;
  readonly model: string;
  /** The model's messages and calls, in order. */
  readonly items: readonly OutputItem[];
  readonly interleave: boolean;
  readonly finishReason: ReplyFinishReason;
  readonly usage: ReplyUsage | null;
  readonly request: RecordedRequest;
  /** The service answers in the background. */
  readonly background: boolean;
}

/** One SSE event. `isChunk` marks those that carry one chunk of the script. */
export interface Frame {
  readonly event?: string;
  readonly data: JsonObject | string;
  readonly isChunk: boolean;
}

export interface Wire {
  readonly idPrefix: string;
  frames(answer: Answer): Frame[];
  /** The non-streamed answer. */
  json(answer: Answer): JsonObject;
  /** One more chunk of text, as `frames` would write it. */
  textFrame(answer: Answer, text: string): Frame;
  errorFrame(error: ServiceError, shape: ErrorShape | undefined): Frame;
  unknownFrame(): Frame;
  /** The frame that ends a failed answer, and its non-streamed form. */
  failed(answer: Answer, error: ServiceError): { readonly frame: Frame; readonly json: JsonObject };
  /** Numbers the frames, if the API numbers them. */
  number(frames: readonly Frame[]): Frame[];
}

/** Unix time of every scripted answer, in seconds: 2023-11-14T22:13:20Z. */
export const createdAt = 1_700_000_000;

export function isStreamed(request: RecordedRequest): boolean {
  return request.body['stream'] === true;
}

export function isBackground(request: RecordedRequest): boolean {
  return request.api === 'responses' && request.body['background'] === true;
}

export function makeAnswer(step: ReplyStep, request: RecordedRequest, number: number, idPrefix: string): Answer {
  return {
    id: step.id ?? `${idPrefix}${number}`,
    number,
    model: modelOf(request),
    items: itemsOf(step.parts, number),
    interleave: step.interleave ?? false,
    finishReason: step.finishReason ?? (step.parts.some(isCall) ? 'tool_calls' : 'stop'),
    usage: step.usage === undefined ? countWords(step, request) : step.usage,
    request,
    background: isBackground(request),
  };
}

function isCall(part: ReplyPart): boolean {
  return part.type === 'function_call';
}

/** The text of a part, or the arguments of a call, all chunks joined. */
export function joinedText(part: ReplyPart): string {
  return part.chunks.join('');
}

export function encodeFrame(frame: Frame): string {
  const data = typeof frame.data === 'string' ? frame.data : JSON.stringify(frame.data);
  return `${frame.event === undefined ? '' : `event: ${frame.event}\n`}data: ${data}\n\n`;
}

function modelOf(request: RecordedRequest): string {
  const named = request.body['model'] ?? /\/deployments\/([^/]+)\//.exec(request.path)?.[1];
  return typeof named === 'string' ? named : 'gpt-4.1';
}

/** One token per word, so that a test can count them. */
function countWords(step: ReplyStep, request: RecordedRequest): ReplyUsage {
  const words = (text: string): number => text.match(/\S+/g)?.length ?? 0;
  const sent = [request.instructions ?? '', ...request.texts];
  return {
    inputTokens: sent.reduce((sum, text) => sum + words(text), 0),
    outputTokens: words(step.parts.map(joinedText).join(' ')),
  };
}
