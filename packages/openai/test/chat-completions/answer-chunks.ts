// Chunks of an answer of Chat Completions, and what the decoder makes of them.
import { type ChatUpdate, chatUpdate } from '@turnstream/core/seams';
import { ChatDecoder } from '../../src/chat-completions/answer.ts';

export const context = (): { redact: (text: string) => string; requestId: null } => ({
  redact: (text) => text,
  requestId: null,
});
export const from = { role: 'assistant', responseId: 'chatcmpl-1' } as const;

/** What these payloads come to, fed one frame each. */
export function decode(...frames: readonly (object | string)[]): { updates: ChatUpdate[]; answer: ChatDecoder } {
  const answer = new ChatDecoder(context());
  const updates: ChatUpdate[] = [];
  for (const frame of frames) {
    answer.takeFrame(undefined, typeof frame === 'string' ? frame : JSON.stringify(frame), updates);
  }
  return { updates, answer };
}

export function chunk(delta: unknown, rest: object = {}): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: null, ...rest }],
  };
}

export const text = (value: string): ChatUpdate => chatUpdate({ ...from, contents: [{ type: 'text', text: value }] });
export const counted: object = { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 };
