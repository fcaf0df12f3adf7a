// What a step does on the wire: its status, the bytes of each network chunk, the waits, and the end.

import type { RecordedRequest } from '../request/recorded.ts';
import { whole } from '../script/cuts.ts';
import { isByteFault } from '../script/faults.ts';
import type { HttpErrorStep, RawReplyStep, ReplyStep } from '../script/reply.ts';
import { describeStep, type Step } from '../script/step.ts';
import { type BodyPlan, encodeText, type PlannedWrite, planBody } from './body-plan.ts';
import { chatCompletionsWire } from './chat-completions.ts';
import { bodyOf, framesOf } from './frame-faults.ts';
import { responsesWire } from './responses.ts';
import { isStreamed, makeAnswer } from './wire.ts';

export interface BytePlan extends Omit<BodyPlan, 'writes'> {
  readonly writes: readonly PlannedWrite[] | LiveWrites;
  /** Null: closes the connection without an answer. */
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Wait before the headers. */
  readonly delayMs: number;
}

/**
 * Chunks that are not yet known when the answer begins, until the signal aborts. Each promise resolves with a chunk, or
 * with null after an abort.
 */
export type LiveWrites = (over: AbortSignal) => Iterable<Promise<PlannedWrite | null>>;

export const jsonHeaders: Readonly<Record<string, string>> = { 'content-type': 'application/json' };
export const streamHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
};

/**
 * Turns a step into bytes; `number` counts the calls from 1.
 * Throws an Error with a message for the author of the script when the step does not fit this request.
 */
export function planBytes(step: Step, request: RecordedRequest, number: number): BytePlan {
  switch (step.kind) {
    case 'reply':
      return planReply(step, request, number);
    case 'background':
      throw new Error(
        `call ${number} asks for an answer on its connection, but ${describeStep(step)} answers ` +
          'POST /responses with background: true only',
      );
    case 'http_error':
      return planError(step);
    case 'raw_reply':
      return planRaw(step);
    case 'drop':
      return { status: null, headers: {}, delayMs: step.delayMs, writes: [], ending: 'reset' };
    default:
      return step satisfies never;
  }
}

function planReply(step: ReplyStep, request: RecordedRequest, number: number): BytePlan {
  const wire = request.api === 'responses' ? responsesWire : chatCompletionsWire;
  const answer = makeAnswer(step, request, number, wire.idPrefix);
  const requestId = { 'x-request-id': `req_${number}` };
  const [frameFault, byteFault] = isByteFault(step.fault) ? [undefined, step.fault] : [step.fault, undefined];
  if (isStreamed(request)) {
    const pieces = framesOf(wire, answer, frameFault).map((frame) => ({ ...frame, bytes: encodeText(frame.text) }));
    const body = planBody(pieces, { ...step, fault: byteFault });
    return { status: 200, headers: { ...streamHeaders, ...requestId }, delayMs: 0, ...body };
  }
  const piece = { bytes: encodeText(bodyOf(wire, answer, frameFault)), isChunk: true };
  const body = planBody([piece], { cuts: step.cuts ?? whole, fault: byteFault });
  return { status: 200, headers: { ...jsonHeaders, ...requestId }, delayMs: step.firstChunkDelayMs ?? 0, ...body };
}

/** Both APIs report errors in the same form. */
export function planError(step: HttpErrorStep): BytePlan {
  const { code = null, type = 'error', param = null, message = `The service answered ${step.status}.` } = step.error;
  const bytes = encodeText(JSON.stringify({ error: { message, type, param, code } }));
  const body = planBody([{ bytes, isChunk: false }], { cuts: whole });
  return { status: step.status, headers: { ...jsonHeaders, ...step.headers }, delayMs: step.delayMs, ...body };
}

function planRaw(step: RawReplyStep): BytePlan {
  const pieces = step.body.map((piece) => ({
    bytes: typeof piece === 'string' ? encodeText(piece) : piece,
    isChunk: true,
  }));
  return { status: step.status, headers: step.headers, delayMs: 0, ...planBody(pieces, step) };
}
