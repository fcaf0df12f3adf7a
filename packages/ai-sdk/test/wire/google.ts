// Answers of the Gemini API, as https://ai.google.dev/api/generate-content and its guide to thought signatures document them.
import type { Answer } from './loopback.ts';

export type Part = Readonly<Record<string, unknown>>;

const USAGE = {
  promptTokenCount: 120,
  cachedContentTokenCount: 100,
  candidatesTokenCount: 20,
  thoughtsTokenCount: 12,
  totalTokenCount: 152,
};

/** One chunk; the last one has a finish reason and the usage. */
export function chunk(parts: readonly Part[], finishReason?: string): object {
  return {
    candidates: [
      { content: { role: 'model', parts }, index: 0, ...(finishReason === undefined ? {} : { finishReason }) },
    ],
    ...(finishReason === undefined ? {} : { usageMetadata: USAGE }),
    modelVersion: 'gemini-3-pro-preview',
    responseId: 'xRS0aZC5BNHV',
  };
}

/** One chunk for each part. */
export function streamed(parts: readonly Part[], finishReason = 'STOP'): Answer {
  const chunks = parts.map((part, index) => chunk([part], index === parts.length - 1 ? finishReason : undefined));
  return { chunks: chunks.map((each) => `data: ${JSON.stringify(each)}\r\n\r\n`) };
}
