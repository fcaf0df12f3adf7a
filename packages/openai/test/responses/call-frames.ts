// Frames of calls in a Responses stream, and the calls they amount to.
import type { FunctionCallContent } from '@turnstream/core';
import type { ChatUpdate } from '@turnstream/core/seams';
import { expect } from 'vitest';
import { ResponsesDecoder } from '../../src/responses/answer.ts';

export const context = (): { redact: (text: string) => string; requestId: null } => ({
  redact: (text: string) => text,
  requestId: null,
});

export const from = { role: 'assistant', responseId: 'resp_1' } as const;

export const madeUp: unknown = expect.stringMatching(/^call_[0-9a-f]{32}$/);

export const created: object = {
  type: 'response.created',
  response: { id: 'resp_1', status: 'in_progress', output: [] },
};

export const item = (place: string, args: string, rest: object = {}): object => ({
  type: 'function_call',
  id: `fc_${place}`,
  call_id: `call_${place}`,
  name: 'get_weather',
  arguments: args,
  ...rest,
});

export const added = (place: string, index: number, rest: object = {}): object => ({
  type: 'response.output_item.added',
  output_index: index,
  item: item(place, '', rest),
});

export const delta = (place: string, index: number, fragment: string, rest: object = {}): object => ({
  type: 'response.function_call_arguments.delta',
  item_id: `fc_${place}`,
  output_index: index,
  delta: fragment,
  ...rest,
});

export const argumentsDone = (place: string, index: number, args: string, rest: object = {}): object => ({
  type: 'response.function_call_arguments.done',
  item_id: `fc_${place}`,
  output_index: index,
  arguments: args,
  ...rest,
});

export const itemDone = (place: string, index: number, args: string, rest: object = {}): object => ({
  type: 'response.output_item.done',
  output_index: index,
  item: item(place, args, rest),
});

export const completed = (...output: object[]): object => ({
  type: 'response.completed',
  response: { id: 'resp_1', status: 'completed', output },
});

export const oslo = '{"city":"Oslo"}';

export const lima = '{"city":"Lima"}';

export function read(...frames: readonly object[]): ChatUpdate[] {
  const answer = new ResponsesDecoder(context(), false);
  const updates: ChatUpdate[] = [];
  for (const frame of frames) answer.takeFrame(undefined, JSON.stringify(frame), updates);
  return updates;
}

export function fragmentsOf(updates: readonly ChatUpdate[]): FunctionCallContent[] {
  return updates.flatMap((update) => update.contents).filter((content) => content.type === 'function_call');
}

export const call = (callId: string, args: string): FunctionCallContent => ({
  type: 'function_call',
  callId,
  name: 'get_weather',
  arguments: args,
});

export const callA: readonly object[] = [
  added('a', 1),
  delta('a', 1, '{"city":'),
  delta('a', 1, '"Oslo"}'),
  argumentsDone('a', 1, oslo, { name: 'get_weather' }),
  itemDone('a', 1, oslo),
];
