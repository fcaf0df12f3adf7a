// Frames that the Responses API and compatible servers wrote in the field, read as a client does.
import type { Content } from '@turnstream/core';
import type { ChatUpdate } from '@turnstream/core/seams';
import { ResponsesDecoder } from '../../src/responses/answer.ts';

export const context: { redact: (text: string) => string; requestId: null } = {
  redact: (text) => text,
  requestId: null,
};

export function read(...events: readonly object[]): ChatUpdate[] {
  const decoder = new ResponsesDecoder(context, false);
  const updates: ChatUpdate[] = [];
  for (const event of events) decoder.takeFrame(undefined, JSON.stringify(event), updates);
  return updates;
}

export const contents = (updates: readonly ChatUpdate[]): Content[] => updates.flatMap((update) => update.contents);

export const delta = (text: string, fields: object = {}): object => ({
  type: 'response.output_text.delta',
  item_id: 'm1',
  delta: text,
  ...fields,
});

export const message = (id: string, text: string, fields: object = {}): object => ({
  type: 'message',
  id,
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations: [], ...fields }],
});

export const completed = (...output: object[]): object => ({
  type: 'response.completed',
  response: { id: 'resp_1', status: 'completed', output },
});
