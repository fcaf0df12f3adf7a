// The span of a tool call. It ends with the call, even if the tool continues after its timeout.
import type { Attributes, Span } from '@opentelemetry/api';
import type { ToolCall } from '@turnstream/core';
import { fail, secondsSince, typeOf } from './answer-span.ts';
import { valueContent } from './content.ts';
import type { Metrics } from './metrics.ts';

interface ToolSpanOptions {
  readonly metrics: Metrics;
  readonly captureContent: boolean;
}

/** Resolves with the result of `run`. A timeout is an error of the span; a cancelled run is not. */
export async function underToolSpan(
  span: Span,
  { tool, input, run: { signal: runSignal }, signal }: ToolCall,
  { metrics, captureContent }: ToolSpanOptions,
  run: () => Promise<unknown>,
): Promise<unknown> {
  const startedAt = performance.now();
  const measured: Attributes = { 'gen_ai.tool.name': tool.name };
  let hasEnded = false;
  const end = (errorType: string | null): void => {
    if (hasEnded) return;
    hasEnded = true;
    if (errorType !== null && !runSignal.aborted) {
      measured['error.type'] = errorType;
      fail(span, errorType);
    }
    span.end();
    metrics.ended('tool', secondsSince(startedAt), measured);
  };
  const stop = (): void => end('tool_timeout');
  signal.addEventListener('abort', stop, { once: true });
  if (captureContent) span.setAttributes(valueContent('gen_ai.tool.call.arguments', input));
  try {
    const result = await run();
    if (captureContent && !hasEnded) span.setAttributes(valueContent('gen_ai.tool.call.result', result));
    end(null);
    return result;
  } catch (error) {
    end(typeOf(error));
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
