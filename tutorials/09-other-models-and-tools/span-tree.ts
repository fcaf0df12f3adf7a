// Spans as a tree on the terminal, in place of a tracing service.
import { context, type Tracer } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

export interface SpanTree {
  readonly tracer: Tracer;
  /** One line for each span, children below their parent. */
  lines(): string[];
}

/** Keeps the spans of this process. */
export function spanTree(): SpanTree {
  // Without it, no span would know its parent.
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  return {
    tracer: provider.getTracer('chapter-09'),
    lines: () => below(undefined, exporter.getFinishedSpans(), ''),
  };
}

function below(parent: string | undefined, spans: readonly ReadableSpan[], indent: string): string[] {
  return spans
    .filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent)
    .flatMap((span) => [indent + span.name, ...below(span.spanContext().spanId, spans, `${indent}  `)]);
}
