// What is measured against: two APIs, three ways a model may deliver, and one text that depends on nothing but its length.

export type Api = 'chat' | 'responses';

/**
 * `burst`: everything in one write. `paced`: one frame every 10 ms, as a model sends. `held`: half of the answer, then
 * silence until the client leaves.
 */
export type Delivery = 'burst' | 'paced' | 'held';

/** Frames of one streamed answer: before, one for each chunk of text, and after. */
export interface Frames {
  readonly opening: string;
  readonly chunks: readonly string[];
  readonly ending: string;
}

/** Both APIs answer under this address with `chunks` chunks of text. */
export function baseURL(origin: string, delivery: Delivery, chunks: number): string {
  return `${origin}/${delivery}/${chunks}/v1`;
}

/** 16 characters each, as tokens come. */
export function chunksOfText(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `word ${String(index).padStart(5, '0')} and `);
}

/** An id as long as the service's are. */
export function idOf(prefix: string, number: number): string {
  return prefix + number.toString(16).padStart(50, '68af4030b1a4819c9d');
}
