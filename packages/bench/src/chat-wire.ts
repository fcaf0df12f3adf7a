// How the Chat Completions API writes an answer: frames as wide as the service's own.
import { chunksOfText, type Frames, idOf } from './wire.ts';

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
  const chunk = (delta: object, finish_reason: string | null = null): string =>
    frame({ choices: [{ index: 0, delta, logprobs: null, finish_reason }], usage: null, obfuscation: 'Xd8sQ2' });
  const frame = (fields: object): string =>
    `data: ${JSON.stringify({ ...envelope(number, 'chat.completion.chunk'), ...fields })}\n\n`;
  return {
    opening: chunk({ role: 'assistant', content: '', refusal: null }),
    chunks: chunksOfText(chunks).map((content) => chunk({ content })),
    ending: `${chunk({}, 'stop')}${frame({ choices: [], usage: USAGE })}data: [DONE]\n\n`,
  };
}

export function chatJson(number: number, chunks: number): object {
  const message = { role: 'assistant', content: chunksOfText(chunks).join(''), refusal: null, annotations: [] };
  const choices = [{ index: 0, message, logprobs: null, finish_reason: 'stop' }];
  return { ...envelope(number, 'chat.completion'), choices, usage: USAGE };
}

function envelope(number: number, object: string): object {
  const id = idOf('chatcmpl-', number).slice(0, 38);
  const model = 'gpt-4.1-2025-04-14';
  return { id, object, created: 1_700_000_000, model, service_tier: 'default', system_fingerprint: 'fp_51db84afab' };
}
