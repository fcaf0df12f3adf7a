// The demo model of the lab: has faults per turn, and records the cost of each turn.

import {
  type Clock,
  type DemoPace,
  errorFrame,
  floodAfter,
  httpError,
  type RecordedRequest,
  type ReplyStep,
  stallAfter,
} from '@turnstream/testkit';
import { type DemoModel, startDemoModel } from '@turnstream/testkit/demo';
import { type Fault, isFault } from './faults.ts';
import type { SeenCall } from './seen-call.ts';

export interface LabModel extends AsyncDisposable {
  /** The base URL of a client whose calls belong to this turn. */
  baseURL(turnId: string, fault: Fault): string;
  /** The model calls of a turn, in order. */
  seen(turnId: string): readonly SeenCall[];
}

export interface LabModelOptions {
  readonly pace?: DemoPace;
  /** The clock of background responses; real time by default. */
  readonly clock?: Clock;
  /** How long the model says to wait after status 429, in milliseconds. */
  readonly busyMs?: number;
  /** Replaces the answer, before a fault is applied. */
  readonly change?: (reply: ReplyStep, request: RecordedRequest) => ReplyStep;
}

const KEPT_TURNS = 100;
const SLOW_MS = 30_000;

export async function startLabModel(options: LabModelOptions = {}): Promise<LabModel> {
  const { pace = {}, clock, busyMs = 1_000, change = (reply: ReplyStep) => reply } = options;
  const turns = new Map<string, (() => SeenCall)[]>();
  const demo: DemoModel = await startDemoModel({
    pace,
    ...(clock === undefined ? {} : { clock }),
    change(reply, request) {
      const { turnId, fault } = turnIn(request.path);
      const calls = turns.get(turnId) ?? [];
      const said = change(reply, request);
      const isBusy = fault === 'busy' && calls.length === 0;
      const answer = isBusy
        ? httpError(429, { headers: { 'retry-after-ms': `${busyMs}` } })
        : broken(said, fault, request);
      turns.set(turnId, [...calls, witness(request, answer.kind === 'reply' ? answer : null)]);
      const [oldest] = turns.keys();
      if (turns.size > KEPT_TURNS && oldest !== undefined) turns.delete(oldest);
      return answer;
    },
  });
  return {
    baseURL: (turnId, fault) => `${demo.origin}/${turnId}/${fault}/v1`,
    seen: (turnId) => (turns.get(turnId) ?? []).map((look) => look()),
    [Symbol.asyncDispose]: () => demo[Symbol.asyncDispose](),
  };
}

function turnIn(path: string): { readonly turnId: string; readonly fault: Fault } {
  const [, turnId = '', fault] = path.split('/');
  return { turnId, fault: isFault(fault) ? fault : 'none' };
}

/** A non-streamed answer is one chunk, so its faults apply between bytes. */
function broken(reply: ReplyStep, fault: Fault, { body }: RecordedRequest): ReplyStep {
  const isStreamed = body['stream'] === true;
  const afterWords = { chunks: isStreamed ? 7 : 0 };
  if (fault === 'slow') return { ...reply, firstChunkDelayMs: SLOW_MS };
  if (fault === 'stall') return { ...reply, fault: stallAfter(isStreamed ? afterWords : { bytes: 20 }) };
  if (fault === 'error') return { ...reply, fault: errorFrame(afterWords, { code: 'server_error' }) };
  if (fault === 'flood') return { ...reply, fault: floodAfter(afterWords, { bytes: 4 * 1024 * 1024 }) };
  return reply;
}

/** Evaluated on each access. */
function witness(request: RecordedRequest, reply: ReplyStep | null): () => SeenCall {
  const atMs = Date.now();
  let endedAtMs: number | null = null;
  void request.closed.then(() => {
    endedAtMs = Date.now();
  });
  const tokens = reply?.parts.reduce((sum, { chunks }) => sum + chunks.length, 0) ?? 0;
  const { instructions, messages } = request;
  return () => {
    const { closedEarly, chunksSent } = request;
    const untilMs = request.body['background'] === true ? Date.now() : (endedAtMs ?? Date.now());
    const made = hasReader(request) ? chunksSent : madeSince(untilMs - atMs, tokens, reply);
    const status = reply === null ? 429 : 200;
    const sent = messages.map(({ role, text }) => ({ role, text }));
    return { atMs, endedAtMs, status, tokens, made, closedEarly, instructions, messages: sent };
  };
}

/** A streamed answer: the model generates no word that it does not write. */
function hasReader({ body }: RecordedRequest): boolean {
  return body['stream'] === true && body['background'] !== true;
}

/** A model also generates a non-streamed answer word by word, although nobody sees it. */
function madeSince(elapsedMs: number, tokens: number, reply: ReplyStep | null): number {
  const { firstChunkDelayMs = 0, chunkDelayMs } = reply ?? {};
  if (chunkDelayMs !== undefined)
    return Math.min(tokens, Math.max(0, Math.floor((elapsedMs - firstChunkDelayMs) / chunkDelayMs)));
  return firstChunkDelayMs === 0 ? tokens : Math.min(tokens, Math.floor((tokens * elapsedMs) / firstChunkDelayMs));
}
