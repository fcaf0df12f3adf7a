// Answers of compatible servers, streamed and whole, read as a client does.
import { Agent, type Content } from '@turnstream/core';
import type { ChatUpdate } from '@turnstream/core/seams';
import { ChatDecoder } from '../../src/chat-completions/answer.ts';

export const context: { redact: (text: string) => string; requestId: null } = {
  redact: (text: string) => text,
  requestId: null,
};

export interface Said {
  readonly contents: readonly Content[];
  readonly finishReason: string | null;
  readonly text: string;
}

/** The deltas, one frame each, then the finish reason; folded by an agent. */
export async function streamed(deltas: readonly object[], finish: object = { finish_reason: 'stop' }): Promise<Said> {
  const decoder = new ChatDecoder(context);
  const updates: ChatUpdate[] = [];
  const choices = [...deltas.map((delta) => ({ index: 0, delta })), { index: 0, delta: {}, ...finish }];
  for (const choice of choices) decoder.takeFrame(undefined, JSON.stringify({ id: 'c', choices: [choice] }), updates);
  decoder.close(updates);
  return folded(updates);
}

/** The same answer in one piece. */
export async function whole(message: object, finish: object = { finish_reason: 'stop' }): Promise<Said> {
  const decoder = new ChatDecoder(context);
  const updates: ChatUpdate[] = [];
  decoder.takeWhole({ id: 'c', choices: [{ index: 0, message, ...finish }] }, updates);
  return folded(updates);
}

export async function folded(updates: readonly ChatUpdate[]): Promise<Said> {
  const calls = (): AsyncIterator<ChatUpdate> =>
    (async function* () {
      yield* updates;
    })();
  const client = { send: () => ({ [Symbol.asyncIterator]: calls }) };
  const { messages, finishReason, text } = await new Agent({ client }).run('Go');
  const contents = messages.flatMap((message) =>
    typeof message.contents === 'string' ? [{ type: 'text' as const, text: message.contents }] : message.contents,
  );
  return { contents, finishReason, text };
}

export const thought = (text: string, member: string): object => ({
  type: 'text_reasoning',
  text,
  opaque: { chat_completions: { member } },
});

export const calls = { finish_reason: 'tool_calls' };

export const chunk = (delta: object, finish_reason: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
