// The body of a request: an object, or bytes in which the older turns are kept ones.
import type { Conversation } from './conversation.ts';
import type { SerializedHistory } from './serialized-history.ts';

/** The body as an object. */
export function bodyOf({ messages, encode, bodyWith }: Conversation): object {
  return bodyWith(encode(messages));
}

/** The same as JSON in UTF-8 once the older turns are kept, so that they are not serialized again; until then an object. */
export function bodyAfter(history: SerializedHistory, conversation: Conversation): object {
  const kept = history.of(conversation);
  if (kept === null) return bodyOf(conversation);
  const { messages, encode, bodyWith } = conversation;
  const text = JSON.stringify(bodyWith([PLACE, ...encode(messages.slice(kept.count))]));
  const place = text.indexOf(PLACE_JSON);
  const head = encoder.encode(text.slice(0, place));
  const tail = encoder.encode(text.slice(place + PLACE_JSON.length));
  const body = new Uint8Array(head.length + kept.json.length + tail.length);
  body.set(head);
  body.set(kept.json, head.length);
  body.set(tail, head.length + kept.json.length);
  return body;
}

const encoder = new TextEncoder();

/** The placeholder of the kept turns. No request contains it by chance. */
const PLACE: string = crypto.randomUUID();
const PLACE_JSON: string = JSON.stringify(PLACE);
