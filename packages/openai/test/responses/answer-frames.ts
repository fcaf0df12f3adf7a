// Frames of a Responses stream, and what the decoder makes of them.
import { type ChatUpdate, chatUpdate } from '@turnstream/core/seams';
import { ResponsesDecoder } from '../../src/responses/answer.ts';

export const context = (): { redact: (text: string) => string; requestId: null } => ({
  redact: (text: string) => text,
  requestId: null,
});

export const from = { role: 'assistant', responseId: 'resp_1' } as const;

export function read(...frames: readonly (object | null)[]): { updates: ChatUpdate[]; answer: ResponsesDecoder } {
  const answer = new ResponsesDecoder(context(), false);
  const updates: ChatUpdate[] = [];
  for (const frame of frames) answer.takeFrame(undefined, JSON.stringify(frame), updates);
  return { updates, answer };
}

export const created: object = {
  type: 'response.created',
  response: { id: 'resp_1', status: 'in_progress', output: [] },
};

export const delta = (text: string, rest: object = {}): object => ({
  type: 'response.output_text.delta',
  item_id: 'msg_1',
  delta: text,
  ...rest,
});

export const usage = { input_tokens: 14, output_tokens: 30, total_tokens: 44 };

export const message = (...content: object[]): object => ({ type: 'message', id: 'msg_1', role: 'assistant', content });

export const said = (text: string): object => message({ type: 'output_text', text, annotations: [] });

export function ended(status: string, response: object = {}): object {
  return { type: `response.${status}`, response: { id: 'resp_1', status, output: [], usage: null, ...response } };
}

export const text = (value: string): ChatUpdate =>
  chatUpdate({ ...from, messageId: 'msg_1', contents: [{ type: 'text', text: value }] });

export const texts = (updates: readonly ChatUpdate[]): string[] =>
  updates.map((update) => update.text).filter((value) => value !== '');
