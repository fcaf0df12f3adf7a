// How the Chat Completions API writes an answer: frames as wide as the service's own.
import { callsOfRound, chunksOfText, type Frames, idOf, TOOL } from './wire.ts';

const USAGE = {
  prompt_tokens: 20,
  completion_tokens: 80,
  total_tokens: 100,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: {
    reasoning_tokens: 0,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
};

export function chatFrames(number: number, chunks: number): Frames {
  return {
    opening: chunkFrame(number, { role: 'assistant', content: '', refusal: null }),
    chunks: chunksOfText(chunks).map((content) => chunkFrame(number, { content })),
    ending: endFrames(number, 'stop'),
  };
}

/** Reasoning as most servers of this API write it; OpenAI's own sends none. */
export function chatThoughts(number: number, count: number): string {
  return chunksOfText(count)
    .map((reasoning_content) => chunkFrame(number, { reasoning_content }))
    .join('');
}

/** An answer that asks for a round of tool calls. */
export function chatCalls(number: number, round: number): string {
  const deltas = callsOfRound(round).flatMap(({ id, fragments }, index) => [
    { index, id, type: 'function', function: { name: TOOL.name, arguments: '' } },
    ...fragments.map((fragment) => ({ index, function: { arguments: fragment } })),
  ]);
  const opening = chunkFrame(number, { role: 'assistant', content: null, refusal: null });
  const frames = deltas.map((delta) => chunkFrame(number, { tool_calls: [delta] }));
  return opening + frames.join('') + endFrames(number, 'tool_calls');
}

export function chatJson(number: number, chunks: number): object {
  const message = { role: 'assistant', content: chunksOfText(chunks).join(''), refusal: null, annotations: [] };
  const choices = [{ index: 0, message, logprobs: null, finish_reason: 'stop' }];
  return { ...envelope(number, 'chat.completion'), choices, usage: USAGE };
}

function chunkFrame(number: number, delta: object, finish_reason: string | null = null): string {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason }];
  return frame(number, { choices, usage: null, obfuscation: 'Xd8sQ2' });
}

function endFrames(number: number, finishReason: string): string {
  return `${chunkFrame(number, {}, finishReason)}${frame(number, { choices: [], usage: USAGE })}data: [DONE]\n\n`;
}

function frame(number: number, fields: object): string {
  return `data: ${JSON.stringify({ ...envelope(number, 'chat.completion.chunk'), ...fields })}\n\n`;
}

function envelope(number: number, object: string): object {
  const id = idOf('chatcmpl-', number).slice(0, 38);
  const model = 'gpt-4.1-2025-04-14';
  return { id, object, created: 1_700_000_000, model, service_tier: 'default', system_fingerprint: 'fp_51db84afab' };
}
