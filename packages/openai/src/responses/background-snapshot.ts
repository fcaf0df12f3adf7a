// A background response at one moment, from the `response` object that the service sends.
import { AgentError } from '@turnstream/core';
import {
  asObject,
  asText,
  type BackgroundSnapshot,
  type BackgroundStatus,
  type CallContext,
  type ChatUpdate,
  type JsonObject,
  serviceError,
} from '@turnstream/core/seams';
import type { Decoder, Progress, Sink } from '../call/decoder.ts';
import { metadataUpdate } from '../call/updates.ts';
import { readUsage } from '../service/usage.ts';
import { failureOf } from './response-object.ts';
import { closingUpdate, contentUpdates } from './whole-response.ts';

const STATUSES: ReadonlySet<string> = new Set<BackgroundStatus>([
  'queued',
  'in_progress',
  'completed',
  'failed',
  'cancelled',
  'incomplete',
  'expired',
]);

/** A look at a response: one object, and nothing else. */
export class SnapshotDecoder implements Decoder<BackgroundSnapshot> {
  progress: Progress = 'open';
  /** Set when the headers are in. */
  retryAfterMs: number | null = null;
  readonly #context: CallContext;

  constructor(context: CallContext) {
    this.#context = context;
  }

  takeFrame(): void {
    throw new AgentError('not_a_stream', 'The service answered with a stream instead of one response.');
  }

  takeWhole(body: JsonObject, snapshots: Sink<BackgroundSnapshot>): void {
    snapshots.push(snapshotOf(body, this.retryAfterMs, this.#context));
    this.progress = 'ended';
  }

  close(): void {
    // A look has no end of its own.
  }
}

/**
 * The current response. An unknown status does not prove an end, so it counts as `in_progress`: waiting goes on, up
 * to its deadline.
 */
export function snapshotOf(
  response: JsonObject,
  retryAfterMs: number | null,
  context: CallContext,
): BackgroundSnapshot {
  const id = asText(response['id']);
  const status = statusOf(response);
  if (id === null || status === null) {
    throw new AgentError('not_a_stream', 'The answer is JSON, but not a response. Check the base URL.');
  }
  const failure = status === 'failed' ? failureOf(response, status) : null;
  const error = failure === null ? null : serviceError(failure, context, 'response_failed');
  return { id, status, updates: updatesOf(response, status, context), error, retryAfterMs };
}

/** Null for anything but a response. */
function statusOf(response: JsonObject): BackgroundStatus | null {
  const status = asText(response['status']);
  if (status === null) return null;
  return isKnown(status) ? status : 'in_progress';
}

function isKnown(status: string): status is BackgroundStatus {
  return STATUSES.has(status);
}

function updatesOf(response: JsonObject, status: BackgroundStatus, context: CallContext): ChatUpdate[] {
  const updates = contentUpdates(response);
  const responseId = asText(response['id']);
  if (status === 'completed' || status === 'incomplete') {
    const hasCalls = updates.some(({ contents }) => contents.some((content) => content.type === 'function_call'));
    return [...updates, closingUpdate(response, status, { responseId, hasCalls, atService: true, context })];
  }
  const usage = readUsage(response['usage'], 'input', 'output');
  // Nothing can follow a response without an answer, but its conversation goes on.
  const conversationId = asText(asObject(response['conversation'])?.['id']);
  if (usage === null && conversationId === null) return updates;
  return [...updates, metadataUpdate(responseId, null, usage, conversationId)];
}
