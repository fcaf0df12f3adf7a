// Spans of runs, model calls and tool calls, correlated by the run's id, whichever context pulls.
import {
  type Attributes,
  type Context,
  context,
  type Meter,
  metrics,
  type Span,
  SpanKind,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { Middleware, ModelCall, RunCall, ToolCall } from '@turnstream/core';
import type { ChatUpdate } from '@turnstream/core/seams';
import { AnswerSpan, type WatchedAnswer } from './answer-span.ts';
import { modelAttributes, runAttributes, runMeasured, toolAttributes } from './attributes.ts';
import { inputContent } from './content.ts';
import { Metrics } from './metrics.ts';
import { spanned } from './spanned.ts';
import { underToolSpan } from './tool-span.ts';

const NAME = '@turnstream/otel';

/** Options of `telemetry`. */
export interface TelemetryOptions {
  /** The provider of the agent's client, as the conventions name it. Default: `openai`. */
  readonly provider?: string | undefined;
  /** The client's model, which a request does not name: `gen_ai.request.model`. */
  readonly model?: string | undefined;
  /** By default from the global tracer provider. */
  readonly tracer?: Tracer | undefined;
  /** By default from the global meter provider. */
  readonly meter?: Meter | undefined;
  /**
   * Puts messages, instructions, tool arguments and results into the spans. They contain user text, so it is off by
   * default.
   */
  readonly captureContent?: boolean | undefined;
}

/**
 * Traces an agent's runs by the OpenTelemetry GenAI conventions: `invoke_agent`, and under it `chat` for each model call and
 * `execute_tool` for each tool call. The parent of a run's span is the span active at its first pull. Put it first in
 * the list of middleware so that it sees what the caller sees.
 */
export function telemetry(options: TelemetryOptions = {}): Middleware {
  return new Telemetry(options);
}

type Updates = AsyncIterable<ChatUpdate>;

class Telemetry implements Middleware {
  readonly #provider: string;
  readonly #model: string | undefined;
  readonly #capturesContent: boolean;
  readonly #tracer: Tracer;
  readonly #metrics: Metrics;
  /** The context of each run in progress, for its model calls and tools, which may be pulled from another context. */
  readonly #runs = new Map<string, Context>();

  constructor({ provider = 'openai', model, tracer, meter, captureContent = false }: TelemetryOptions) {
    this.#provider = provider;
    this.#model = model;
    this.#capturesContent = captureContent;
    this.#tracer = tracer ?? trace.getTracer(NAME);
    this.#metrics = new Metrics(meter ?? metrics.getMeter(NAME));
  }

  run(call: RunCall, next: () => Updates): Updates {
    const { id, agent, signal, stream, history, context: added, question, instructions } = call;
    const parent = context.active();
    const span = this.#start('invoke_agent', agent, SpanKind.INTERNAL, runAttributes(call, this.#provider), parent);
    if (this.#capturesContent) span.setAttributes(inputContent([...history, ...added, ...question], instructions));
    const spanContext = trace.setSpan(parent, span);
    this.#runs.set(id, spanContext);
    const answer = this.#answer(span, {
      kind: 'run',
      isStreamed: stream,
      measured: runMeasured(agent, this.#provider),
      onEnd: () => this.#runs.delete(id),
    });
    return spanned(next, spanContext, answer, signal);
  }

  model(call: ModelCall, next: () => Updates): Updates {
    const { run, request } = call;
    const model = request.settings?.model ?? this.#model;
    const attributes = modelAttributes(call, this.#provider, model);
    const parent = this.#contextOf(run);
    const span = this.#start('chat', model, SpanKind.CLIENT, attributes, parent);
    if (this.#capturesContent) span.setAttributes(inputContent(request.messages, request.instructions));
    const answer = this.#answer(span, {
      kind: 'model',
      isStreamed: request.stream,
      measured: attributes,
      onEnd: () => {},
    });
    return spanned(next, trace.setSpan(parent, span), answer, run.signal);
  }

  async tool(call: ToolCall, next: () => Promise<unknown>): Promise<unknown> {
    const { run, tool } = call;
    const parent = this.#contextOf(run);
    const span = this.#start('execute_tool', tool.name, SpanKind.INTERNAL, toolAttributes(call), parent);
    return underToolSpan(span, call, { metrics: this.#metrics, captureContent: this.#capturesContent }, () =>
      context.with(trace.setSpan(parent, span), next),
    );
  }

  #start(
    operation: string,
    of: string | null | undefined,
    kind: SpanKind,
    attributes: Attributes,
    parent: Context,
  ): Span {
    return this.#tracer.startSpan(of == null ? operation : `${operation} ${of}`, { kind, attributes }, parent);
  }

  #answer(span: Span, watched: WatchedAnswer): AnswerSpan {
    return new AnswerSpan(span, { ...watched, metrics: this.#metrics, captureContent: this.#capturesContent });
  }

  #contextOf({ id }: RunCall): Context {
    return this.#runs.get(id) ?? context.active();
  }
}
