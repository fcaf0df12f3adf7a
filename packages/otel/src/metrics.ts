// Metrics of model calls, runs and tools. Every name that the conventions may still change is in this file:
// semantic-conventions-genai 0.1.0, status development.
import type { Attributes, Histogram, Meter } from '@opentelemetry/api';
import type { Usage } from '@turnstream/core';

/** Durations in seconds. The buckets are the ones recommended by the conventions for model calls. */
const DURATION = {
  unit: 's',
  advice: {
    explicitBucketBoundaries: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
  },
};

export class Metrics {
  readonly #durations: Readonly<Record<'run' | 'model' | 'tool', Histogram>>;
  readonly #firstChunk: Histogram;
  readonly #inputTokens: Histogram;
  readonly #outputTokens: Histogram;

  constructor(meter: Meter) {
    this.#durations = {
      run: meter.createHistogram('gen_ai.invoke_agent.duration', DURATION),
      model: meter.createHistogram('gen_ai.client.inference.duration', DURATION),
      tool: meter.createHistogram('gen_ai.execute_tool.duration', DURATION),
    };
    this.#firstChunk = meter.createHistogram('gen_ai.client.inference.time_to_first_chunk', DURATION);
    this.#inputTokens = meter.createHistogram('gen_ai.client.inference.usage.input_tokens', { unit: '{token}' });
    this.#outputTokens = meter.createHistogram('gen_ai.client.inference.usage.output_tokens', { unit: '{token}' });
  }

  ended(kind: 'run' | 'model' | 'tool', seconds: number, attributes: Attributes): void {
    this.#durations[kind].record(seconds, attributes);
  }

  firstChunk(seconds: number, attributes: Attributes): void {
    this.#firstChunk.record(seconds, attributes);
  }

  used({ inputTokens, outputTokens }: Usage, attributes: Attributes): void {
    this.#inputTokens.record(inputTokens, attributes);
    this.#outputTokens.record(outputTokens, attributes);
  }
}
