// The older turns of long conversations as they go over the wire, so that a turn costs what is new in it.
import type { Message } from '@turnstream/core';
import type { Conversation } from './conversation.ts';

/** Shorter histories are serialized each time: keeping them would cost more memory than it saves time. */
const LEAST_MESSAGES = 20;
/** The bytes of an idle conversation are freed after this. */
const IDLE_MS = 30_000;

interface Kept {
  form: string;
  messages: Message[];
  /** Of each message: one that was changed in place is not the one that was kept. */
  contents: Message['contents'][];
  /** The items with commas between them, in the first `length` bytes. */
  bytes: Uint8Array;
  length: number;
  timer: ReturnType<typeof setTimeout> | undefined;
  readonly letGo: () => void;
}

/** What a conversation has kept: how many of its messages, and their items as JSON without the brackets of the list. */
export interface KeptTurns {
  readonly count: number;
  readonly json: Uint8Array;
}

const encoder = new TextEncoder();

export class SerializedHistory {
  /** By the first message: it is the same object as long as a conversation lives in memory, and lives no longer than it. */
  readonly #conversations = new WeakMap<Message, Kept>();
  /** First messages that were sent before. A history that is read again for each run has new ones each time. */
  readonly #seen = new WeakSet<Message>();

  /** The turns before the last question, those that are new added. Null for a short conversation and at its first sight. */
  of(conversation: Conversation): KeptTurns | null {
    const { messages, form } = conversation;
    const count = lastQuestion(messages);
    const first = messages[0];
    if (first === undefined || count < LEAST_MESSAGES) return null;
    if (!this.#seen.has(first)) {
      this.#seen.add(first);
      return null;
    }
    let kept = this.#conversations.get(first);
    if (kept === undefined) this.#conversations.set(first, (kept = nothingKept()));
    if (kept.form !== form || !isBeginning(kept, messages, count)) clear(kept, form);
    add(kept, conversation, count);
    clearTimeout(kept.timer);
    kept.timer = setTimeout(kept.letGo, IDLE_MS);
    if (typeof kept.timer === 'object') kept.timer.unref();
    return { count, json: kept.bytes.subarray(0, kept.length) };
  }
}

/** Where the last question begins. */
function lastQuestion(messages: readonly Message[]): number {
  let index = messages.findLastIndex(({ role }) => role === 'user');
  while (index > 0 && messages[index - 1]?.role === 'user') index -= 1;
  return index;
}

function nothingKept(): Kept {
  const kept: Kept = {
    form: '',
    messages: [],
    contents: [],
    bytes: new Uint8Array(),
    length: 0,
    timer: undefined,
    // The timer must not keep a conversation that is gone.
    letGo: () => {
      const idle = weak.deref();
      if (idle !== undefined) clear(idle, idle.form);
    },
  };
  const weak = new WeakRef(kept);
  return kept;
}

function clear(kept: Kept, form: string): void {
  kept.form = form;
  kept.messages = [];
  kept.contents = [];
  kept.bytes = new Uint8Array();
  kept.length = 0;
}

function isBeginning(kept: Kept, messages: readonly Message[], count: number): boolean {
  if (kept.messages.length > count) return false;
  for (let index = 0; index < kept.messages.length; index += 1) {
    const message = messages[index];
    if (message !== kept.messages[index] || message?.contents !== kept.contents[index]) return false;
  }
  return true;
}

function add(kept: Kept, { messages, encode }: Conversation, count: number): void {
  const added = messages.slice(kept.messages.length, count);
  const json = encoder.encode(JSON.stringify(encode(added)).slice(1, -1));
  for (const message of added) {
    kept.messages.push(message);
    kept.contents.push(message.contents);
  }
  if (json.length > 0) append(kept, json);
}

const COMMA = 44;

function append(kept: Kept, json: Uint8Array): void {
  const start = kept.length === 0 ? 0 : kept.length + 1;
  const length = start + json.length;
  if (length > kept.bytes.length) {
    const larger = new Uint8Array(Math.ceil(length * 1.5));
    larger.set(kept.bytes.subarray(0, kept.length));
    kept.bytes = larger;
  }
  if (start > 0) kept.bytes[start - 1] = COMMA;
  kept.bytes.set(json, start);
  kept.length = length;
}
