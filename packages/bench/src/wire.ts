// What is measured against: two APIs, the ways a model may deliver, and one text that depends on nothing but its length.

export type Api = 'chat' | 'responses';

/**
 * `burst`: everything in one write. `reasoned`: the same behind as many pieces of reasoning as there are of text. `paced`: one frame every 10 ms, as a model sends. `held`: half of the answer, then
 * silence until the client leaves.
 */
export type Delivery = 'burst' | 'reasoned' | 'paced' | 'held' | AfterTools;

/** A burst after so many rounds of tool calls. */
export type AfterTools = `burst-after-${number}`;

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

/** The one tool of the benchmark, and what it answers. */
export const TOOL = { name: 'get_weather', description: 'The weather of a city.', result: 'Dry, 14 degrees.' };

/** JSON Schema of its arguments. */
export const TOOL_PARAMETERS: Readonly<Record<string, unknown>> = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};

/** The model asks for two at once. */
export const CALLS_A_ROUND = 2;

/** The calls of one round, arguments in fragments as tokens come. */
export function callsOfRound(round: number): readonly { readonly id: string; readonly fragments: readonly string[] }[] {
  return Array.from({ length: CALLS_A_ROUND }, (_, index) => ({
    id: `call_${String(round).padStart(10, '0')}_${String(index).padStart(10, '0')}`,
    fragments: ['{"', 'city', '":"', 'Amster', 'dam', '"}'],
  }));
}
