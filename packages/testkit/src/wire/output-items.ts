// The parts of a reply as output items: messages and tool calls, in order.
import type { CallPart, ReplyPart, TextPart } from '../script/reply.ts';

export interface MessageItem {
  readonly type: 'message';
  readonly id: string;
  readonly parts: readonly TextPart[];
}

export interface CallItem {
  readonly type: 'function_call';
  readonly id: string;
  /** Null: the service sends none. */
  readonly callId: string | null;
  /** The index it sends; null when it sends none. */
  readonly index: number | null;
  readonly part: CallPart;
}

export type OutputItem = MessageItem | CallItem;

/** Adjacent texts and refusals form one message. `number` counts the answers of the model, from 1. */
export function itemsOf(parts: readonly ReplyPart[], number: number): OutputItem[] {
  const items: OutputItem[] = [];
  let messages = 0;
  let calls = 0;
  for (const part of parts) {
    const last = items.at(-1);
    if (part.type === 'function_call') {
      calls += 1;
      items.push(callItem(part, number, calls));
    } else if (last?.type === 'message') {
      items[items.length - 1] = { ...last, parts: [...last.parts, part] };
    } else {
      messages += 1;
      items.push({
        type: 'message',
        id: messages === 1 ? `msg_${number}` : `msg_${number}_${messages}`,
        parts: [part],
      });
    }
  }
  return items;
}

function callItem(part: CallPart, number: number, place: number): CallItem {
  return {
    type: 'function_call',
    id: `fc_${number}_${place}`,
    callId: part.callId === undefined ? `call_${number}_${place}` : part.callId,
    index: part.index === undefined ? place - 1 : part.index,
    part,
  };
}

/** Groups of items sent together: each item alone or, when interleaved, adjacent calls together. */
export function batchesOf<Item extends { readonly type: OutputItem['type'] }>(
  items: readonly Item[],
  interleave: boolean,
): Item[][] {
  const batches: Item[][] = [];
  for (const item of items) {
    const batch = batches.at(-1);
    if (interleave && item.type === 'function_call' && batch?.[0]?.type === 'function_call') batch.push(item);
    else batches.push([item]);
  }
  return batches;
}

/** Interleaves the lists: the first of each, then the second of each, and so on. */
export function takeTurns<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, place) => lists.flatMap((list) => list.slice(place, place + 1))).flat();
}
