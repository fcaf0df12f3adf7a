import { AgentError } from '@turnstream/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Decoder } from '../../src/call/decoder.ts';
import { ModelCall } from '../../src/call/model-call.ts';
import { ChatDecoder } from '../../src/chat-completions/answer.ts';
import { ResponsesDecoder } from '../../src/responses/answer.ts';
import { type Outcome, outcomeOf } from '../both-apis.ts';

type NewAnswer = (context: ConstructorParameters<typeof ChatDecoder>[0]) => Decoder;

const newChat: NewAnswer = (context) => new ChatDecoder(context);
const newResponses: NewAnswer = (context) => new ResponsesDecoder(context, false);

/** Short, because each byte of a stream is a cut. */
const TEXTS = ['é👩‍💻', '日\n{"data": "[DONE]"}\n\n'];
const TEXT = TEXTS.join('');

function chatBytes(newline: string): Uint8Array {
  const chunk = (delta: object, finish_reason: string | null = null) =>
    JSON.stringify({ id: 'chatcmpl-1', choices: [{ index: 0, delta, finish_reason }] });
  const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
  const payloads = [
    chunk({ role: 'assistant', content: '' }),
    ...TEXTS.map((content) => chunk({ content })),
    chunk({}, 'stop'),
    JSON.stringify({ id: 'chatcmpl-1', choices: [], usage }),
    '[DONE]',
  ];
  return encode(payloads.map((payload) => `data: ${payload}${newline}${newline}`));
}

function responsesBytes(newline: string): Uint8Array {
  const output = [{ type: 'message', id: 'msg_1', content: [{ type: 'output_text', text: TEXT }] }];
  const usage = { input_tokens: 1, output_tokens: 2, total_tokens: 3 };
  const events: { readonly type: string; readonly [field: string]: unknown }[] = [
    { type: 'response.created', response: { id: 'resp_1', status: 'in_progress' } },
    { type: 'response.reasoning_summary_text.delta', item_id: 'rs_1', delta: 'Hm…' },
    { type: 'response.output_item.done', item: { type: 'reasoning', id: 'rs_1', encrypted_content: 'xyz' } },
    ...TEXTS.map((delta) => ({ type: 'response.output_text.delta', item_id: 'msg_1', delta })),
    { type: 'response.output_text.done', item_id: 'msg_1', text: TEXT },
    { type: 'response.completed', response: { id: 'resp_1', status: 'completed', output, usage } },
  ];
  return encode(
    events.map(({ type, ...rest }, sequence_number) => {
      const data = JSON.stringify({ type, sequence_number, ...rest });
      const comment = sequence_number === 1 ? `: keep-alive${newline}` : '';
      return `${comment}event: ${type}${newline}data: ${data}${newline}${newline}`;
    }),
  );
}

function encode(frames: readonly string[]): Uint8Array {
  return new TextEncoder().encode(frames.join(''));
}

/** One for all: the stack of each would be formatted. */
const terminated = new TypeError('terminated');

/** Reads a body that arrives in these pieces and then ends, or breaks. Without the SDK: there are thousands of them. */
function readBody(
  newAnswer: NewAnswer,
  pieces: readonly Uint8Array[],
  ending: 'end' | 'reset' = 'end',
): Promise<Outcome> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      if (ending === 'end') controller.close();
    },
    pull(controller) {
      controller.error(terminated);
    },
  });
  const response = new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  const context = { redact: (text: string) => text, requestId: null };
  const { signal } = new AbortController();
  return outcomeOf(new ModelCall({ signal, request: async () => response, answer: newAnswer(context), context }));
}

function piecesOf(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const ends = [...new Set(cuts)].filter((cut) => cut < bytes.length).toSorted((left, right) => left - right);
  return [...ends, bytes.length].map((end, index, all) => bytes.subarray(all[index - 1] ?? 0, end));
}

const recorded = [
  { name: 'Chat Completions, lines ended by LF', newAnswer: newChat, bytes: chatBytes('\n') },
  { name: 'Chat Completions, lines ended by CRLF', newAnswer: newChat, bytes: chatBytes('\r\n') },
  { name: 'Responses, lines ended by LF', newAnswer: newResponses, bytes: responsesBytes('\n') },
  { name: 'Responses, lines ended by CR', newAnswer: newResponses, bytes: responsesBytes('\r') },
];

test.each(recorded)('$name: however the bytes are cut, the updates are the same', async ({ newAnswer, bytes }) => {
  const uncut = await readBody(newAnswer, [bytes]);
  expect([uncut.text, uncut.error]).toEqual([TEXT, null]);

  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 40 }), async (cuts) => {
      expect(await readBody(newAnswer, piecesOf(bytes, cuts))).toEqual(uncut);
    }),
    { numRuns: 100 },
  );
  const everyByte = Array.from({ length: bytes.length }, (_, index) => index + 1);
  expect(await readBody(newAnswer, piecesOf(bytes, everyByte))).toEqual(uncut);
});

/** `whole` and `truncated` are right; anything else says what is wrong. In words, because there are thousands of them. */
function endingOf({ updates, text, error }: Outcome): string {
  if (error instanceof AgentError && error.code === 'stream_truncated' && TEXT.startsWith(text)) return 'truncated';
  const isFinished = updates.some((update) => update.finishReason === 'stop');
  return error === null && text === TEXT && isFinished ? 'whole' : `${String(error)} after ${text}`;
}

test.each(recorded.flatMap((row) => (['end', 'reset'] as const).map((ending) => ({ ...row, ending }))))(
  '$name: cut off at any byte ($ending), an answer is whole or stream_truncated',
  async ({ newAnswer, bytes, ending }) => {
    const endings: string[] = [];

    for (let length = 0; length <= bytes.length; length += 1)
      endings.push(endingOf(await readBody(newAnswer, [bytes.subarray(0, length)], ending)));

    const whole = endings.indexOf('whole');
    expect(whole).toBeGreaterThan(0);
    expect(endings).toEqual(endings.map((_, length) => (length < whole ? 'truncated' : 'whole')));
  },
);
