// One question of a conversation, as the functions that answer it see it.
import type { SentMessage } from '../request/body.ts';
import type { SentImage } from '../request/sent-images.ts';

export interface Turn {
  readonly question: string;
  /** What came with the question. */
  readonly images: readonly SentImage[];
  /** What came before the question, oldest first. */
  readonly earlier: readonly SentMessage[];
  /** Where wishes about the form of the answer may stand. */
  readonly wishes: string;
}

/** Answers the last message. Null: this answer does not fit the question. */
export type Answer = (turn: Turn) => string | null;

/** What the request showed, said so that a reader sees what a missing session means. */
export function sightOf(earlier: readonly SentMessage[]): string {
  if (earlier.length === 0) return 'I was sent 1 message, your question, and nothing before it';
  return `I was sent ${earlier.length + 1} messages, your question included`;
}

export function wantsOneWord(wishes: string): boolean {
  return /\b(?:one|a single) word\b|\b(?:year|word|name|colou?r) only\b|\bonly (?:the|a) (?:year|word|name|colou?r)\b|\bjust the\b/i.test(
    wishes,
  );
}

/** What the user said last of its kind. The model's own words do not count: some of them name every topic. */
export function lastSaid<T>(messages: readonly SentMessage[], find: (text: string) => T | undefined): T | undefined {
  for (const message of messages.toReversed()) {
    const found = message.role === 'user' ? find(message.text) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
