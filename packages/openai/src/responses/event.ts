// What an event of a Responses stream is, and what the item in it is.
import { asText, type JsonObject } from '@turnstream/core/seams';

/** The last event of a response, however it ended. */
export const ENDS: ReadonlySet<string> = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
  'response.cancelled',
]);

/** Messages and reasoning: items whose text comes in deltas. */
export function speaks(item: JsonObject): boolean {
  return item['type'] === 'message' || item['type'] === 'reasoning';
}

/** An event that is not read but concerns an item means that the model or a hosted tool is working on that item. */
export function isAtWork(type: string, frame: JsonObject): boolean {
  return asText(frame['item_id']) !== null && !type.startsWith('response.content_part.');
}

export function isCall(item: JsonObject): boolean {
  return item['type'] === 'function_call';
}

export function typeOf(frame: JsonObject, event: string | undefined): string {
  return asText(frame['type']) ?? event ?? '';
}
