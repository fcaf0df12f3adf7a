// Answers of Ollama's own API, as https://docs.ollama.com/api/chat documents them: one JSON object a line.
import type { Answer } from './loopback.ts';

const COUNTS = { prompt_eval_count: 26, prompt_eval_duration: 1, eval_count: 9, eval_duration: 1 };
const END = { done: true, done_reason: 'stop', total_duration: 1, load_duration: 1, ...COUNTS };

/** One line for each message of the assistant, and a last one with the counts. */
export function streamed(...messages: readonly object[]): Answer {
  const lines = [
    ...messages.map((message) => ({ message: { role: 'assistant', content: '', ...message }, done: false })),
    { message: { role: 'assistant', content: '' }, ...END },
  ];
  const chunks = lines.map(
    (each) => `${JSON.stringify({ model: 'qwen3', created_at: '2026-11-27T09:00:00Z', ...each })}\n`,
  );
  return { headers: { 'content-type': 'application/x-ndjson' }, chunks };
}
