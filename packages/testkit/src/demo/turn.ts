// One question of a conversation, in the form the answer functions take.
import type { SentMessage } from '../request/body.ts';
import type { SentImage } from '../request/sent-images.ts';

export interface Turn {
  readonly question: string;
  /** Images sent with the question. */
  readonly images: readonly SentImage[];
  /** Messages before the question, oldest first. */
  readonly earlier: readonly SentMessage[];
  /** The texts that may ask for a form of answer. */
  readonly wishes: string;
}

/** Answers the last message; null when this answer does not fit it. */
export type Answer = (turn: Turn) => string | null;

/** Describes what the request carried, so that the reader sees the effect of a missing session. */
export function sightOf(earlier: readonly SentMessage[]): string {
  if (earlier.length === 0) return 'I was sent 1 message, your question, and nothing before it';
  return `I was sent ${earlier.length + 1} messages, your question included`;
}

export function wantsOneWord(wishes: string): boolean {
  return /\b(?:one|a single) word\b|\b(?:year|word|name|colou?r) only\b|\bonly (?:the|a) (?:year|word|name|colou?r)\b|\bjust the\b/i.test(
    wishes,
  );
}

/** The user's latest message that matches. The model's own messages do not count, because some name every topic. */
export function lastSaid<T>(messages: readonly SentMessage[], find: (text: string) => T | undefined): T | undefined {
  for (const message of messages.toReversed()) {
    const found = message.role === 'user' ? find(message.text) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
