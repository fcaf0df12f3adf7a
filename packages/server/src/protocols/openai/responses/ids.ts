// Ids of responses and conversations. Each one leads to its session, so no table of ids is needed. The id of a response ends
// with the conversation that it was asked in, or else with its session.
import { z } from 'zod';

const RESPONSE = /^resp_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_([A-Za-z0-9_-]{1,128})$/;
const ITEM = /^(?:msg|rs|fc|mcp)_([0-9a-f]{32})_(\d{1,6})_([A-Za-z0-9_-]{1,128})$/;
const CONVERSATION = 'conv_';

export const responseParams = z.object({ id: z.string().max(300) });
export const conversationId = z.string().regex(/^conv_[A-Za-z0-9_-]{1,123}$/);

/** The id of a new response, stored in a conversation, in another session, or not at all. It begins with the time. */
export function newResponseId(place: string | null): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  const id = `resp_${seconds.padStart(8, '0')}${hex(crypto.randomUUID()).slice(8)}`;
  return place === null ? id : `${id}_${place}`;
}

/** When the response was created, in seconds since 1970. */
export function createdAtIn(responseId: string): number {
  return Number.parseInt(responseId.slice('resp_'.length, 'resp_'.length + 8), 16);
}

/** The id of the response of a background run, which was asked in the conversation, if any. */
export function runResponseId(
  { runId, sessionId }: { readonly runId: string; readonly sessionId: string },
  conversation: string | null = null,
): string {
  return `resp_${hex(runId)}_${conversation ?? sessionId}`;
}

export interface ParsedId {
  /** The ids that the session of the response may have. */
  readonly sessionIds: readonly string[];
  /** What the id would be as that of a run. */
  readonly runId: string;
}

/** Null for what is not the id of a stored response. */
export function parseResponseId(id: string): ParsedId | null {
  const [, ...parts] = RESPONSE.exec(id) ?? [];
  const place = parts.pop();
  if (place === undefined) return null;
  return { sessionIds: isConversationId(place) ? sessionIdsOf(place) : [place], runId: parts.join('-') };
}

/** The conversation that the response was asked in; null for none. */
export function conversationIn(responseId: string): string | null {
  const place = RESPONSE.exec(responseId)?.at(-1);
  return place !== undefined && isConversationId(place) ? place : null;
}

/** Of a session that is only a conversation: it stays when it is empty. */
export function newConversationId(): string {
  return CONVERSATION + hex(crypto.randomUUID());
}

export function isConversationId(sessionId: string): boolean {
  return sessionId.startsWith(CONVERSATION);
}

/** Every session is a conversation, also one that began elsewhere. */
export function conversationOf(sessionId: string): string {
  return isConversationId(sessionId) ? sessionId : CONVERSATION + sessionId;
}

/** The ids that the session of a conversation may have. */
export function sessionIdsOf(conversation: string): readonly string[] {
  return [conversation, conversation.slice(CONVERSATION.length)];
}

/** The id of an item by its place in a response: the same at every reading. */
export function itemId(prefix: string, responseId: string, index: number): string {
  const [, unique, ...session] = responseId.split('_');
  return [prefix, unique, index, ...session].join('_');
}

/** Null for what is not the id of an item in a stored response. */
export function parseItemId(id: string): { readonly responseId: string; readonly index: number } | null {
  const [, unique, index, sessionId] = ITEM.exec(id) ?? [];
  return sessionId === undefined ? null : { responseId: `resp_${unique}_${sessionId}`, index: Number(index) };
}

function hex(uuid: string): string {
  return uuid.replaceAll('-', '');
}
