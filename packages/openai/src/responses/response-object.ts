// The `response` object of the Responses API, which is the whole answer or closes a stream: what it says about the end.
import type { FinishReason, ResponseMetadata } from '@turnstream/core';
import {
  asCount,
  asList,
  asObject,
  asText,
  type JsonObject,
  reportOf,
  type ServiceReport,
} from '@turnstream/core/seams';

/** What the answer consists of, each at its place. */
export function outputItems(response: JsonObject): JsonObject[] {
  return (asList(response['output']) ?? []).map((item) => asObject(item) ?? {});
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

const BY_SEVERITY = ['completed', 'incomplete', 'cancelled', 'failed'];

/** How the response ended: the event that ends it and the response in it may say two things, and the worse one counts. */
export function endStatus(response: JsonObject, status: string): string {
  const own = asText(response['status']) ?? status;
  return BY_SEVERITY.indexOf(own) > BY_SEVERITY.indexOf(status) ? own : status;
}

/** What the response says about itself; null when it does not say. */
export function metadataOf(response: JsonObject): ResponseMetadata | null {
  const [model, serviceTier] = [asText(response['model']), asText(response['service_tier'])];
  const created = asCount(response['created_at']);
  if (model === null && created === null && serviceTier === null) return null;
  return {
    ...(model === null ? {} : { model }),
    ...(created === null ? {} : { createdAtMs: created * 1000 }),
    ...(serviceTier === null ? {} : { serviceTier }),
  };
}
