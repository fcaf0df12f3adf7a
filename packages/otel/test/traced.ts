// An agent over a scripted model, whose spans a test reads.
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { Agent, type AgentOptions, type Middleware, type Tool, tool } from '@turnstream/core';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { type Step, serveModel } from '@turnstream/testkit';
import { type TelemetryOptions, telemetry } from '../src/index.ts';

export interface Traced extends AsyncDisposable {
  readonly agent: Agent;
  readonly tracer: ReturnType<TracerProvider['getTracer']>;
  readonly spans: () => readonly ReadableSpan[];
}

/** An agent whose spans a test can read. */
export async function traced(
  steps: readonly Step[],
  { after = [], ...options }: Partial<AgentOptions> & { readonly after?: readonly Middleware[] } = {},
  telemetryOptions: TelemetryOptions = {},
): Promise<Traced> {
  const model = await serveModel(...steps);
  const exporter = new InMemorySpanExporter();
  const tracer = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }).getTracer('test');
  const client = new OpenAIResponsesClient({ model: 'gpt-4.1', apiKey: 'k', baseURL: model.baseURL, maxRetries: 0 });
  const agent = new Agent({
    client,
    name: 'shop',
    middleware: [telemetry({ tracer, model: 'gpt-4.1', ...telemetryOptions }), ...after],
    ...options,
  });
  return {
    agent,
    tracer,
    spans: () => exporter.getFinishedSpans(),
    [Symbol.asyncDispose]: () => model[Symbol.asyncDispose](),
  };
}

export const stock: Tool = tool({ name: 'stock', description: 'Counts the stock.', execute: () => '3 teapots' });

export function named(spans: readonly ReadableSpan[], name: string): ReadableSpan {
  const span = spans.find((each) => each.name === name);
  if (span === undefined) throw new Error(`no span ${name} among ${spans.map((each) => each.name).join(', ')}`);
  return span;
}
