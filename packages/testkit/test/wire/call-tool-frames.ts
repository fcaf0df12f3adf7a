// What each API streams of an answer with tool calls, without what opens and ends every answer.
import { expect } from 'vitest';
import { mockModel, type Step } from '../../src/index.ts';
import { chatBody, chatPath, postForFrames, responsesBody, responsesPath } from '../reader.ts';

export type Json = Record<string, unknown>;

export const oslo: readonly string[] = ['{"city":', '"Oslo"}'];
export const lima: readonly string[] = ['{"city":', '"Lima"}'];

/** The deltas of a streamed Chat Completions answer, its finish reason at the end. */
export async function chatDeltas(step: Step): Promise<unknown[]> {
  using model = mockModel(step);
  const frames = (await postForFrames(model, chatPath, chatBody)) as (string | Json)[];
  expect(frames.at(-1)).toBe('[DONE]');
  return frames.slice(0, -1).map((frame) => {
    const [choice] = (frame as { choices: [{ delta: Json; finish_reason: string | null }] }).choices;
    return choice.finish_reason ?? choice.delta;
  });
}

/** The events of a streamed Responses answer without the two that open it and the one that ends it. */
export async function itemEvents(step: Step): Promise<{ events: Json[]; last: Json }> {
  using model = mockModel(step);
  const frames = (await postForFrames(model, responsesPath, responsesBody)) as Json[];
  expect(frames.map((frame) => frame['sequence_number'])).toEqual(frames.map((_, index) => index));
  const events = frames.slice(2, -1);
  for (const event of events) delete event['sequence_number'];
  return { events, last: frames.at(-1)! };
}

export function calling(index: number, fields: Json): Json {
  return { tool_calls: [{ index, ...fields }] };
}

export function fragment(text: string): Json {
  return { function: { arguments: text } };
}
