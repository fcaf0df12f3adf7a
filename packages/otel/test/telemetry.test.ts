// What a trace and the metrics say of runs, over a real HTTP model on loopback.
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { AgentError, type Middleware, tool } from '@turnstream/core';
import { background, callTool, reply, stallAfter } from '@turnstream/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { telemetry } from '../src/index.ts';
import { named, stock, type Traced, traced } from './traced.ts';

beforeAll(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
afterAll(() => context.disable());

test('a run with a tool is one span over two model calls and the tool call', async () => {
  await using run = await traced([callTool('stock', '{}', { callId: 'c1' }), reply(['Three ', 'left.'])], {
    tools: [stock],
  });
  const session = run.agent.createSession({ sessionId: 's1' });

  for await (const _ of run.agent.runStreaming('How many?', { session }));

  const spans = run.spans();
  const [invoke] = spans.filter(({ name }) => name === 'invoke_agent shop');
  expect(spans.map(({ name, kind, parentSpanContext }) => [name, kind, parentSpanContext?.spanId])).toEqual([
    ['chat gpt-4.1', SpanKind.CLIENT, invoke?.spanContext().spanId],
    ['execute_tool stock', SpanKind.INTERNAL, invoke?.spanContext().spanId],
    ['chat gpt-4.1', SpanKind.CLIENT, invoke?.spanContext().spanId],
    ['invoke_agent shop', SpanKind.INTERNAL, undefined],
  ]);
  expect(invoke?.attributes).toMatchObject({
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.provider.name': 'openai',
    'gen_ai.agent.name': 'shop',
    'gen_ai.conversation.id': 's1',
    'gen_ai.response.finish_reasons': ['stop'],
  });
  expect(spans[1]?.attributes).toMatchObject({ 'gen_ai.tool.name': 'stock', 'gen_ai.tool.call.id': 'c1' });
});

test('a model call has its tokens and the time to its first chunk, and the run their sum', async () => {
  await using run = await traced([callTool('stock', '{}'), reply('Three.')], { tools: [stock] });

  const { usage } = await run.agent.runStreaming('How many?').finalResponse();

  const spans = run.spans();
  const tokens = spans
    .filter(({ name }) => name === 'chat gpt-4.1')
    .map(({ attributes }) => Number(attributes['gen_ai.usage.input_tokens']));
  expect(tokens[0]! + tokens[1]!).toBe(usage?.inputTokens);
  expect(named(spans, 'invoke_agent shop').attributes['gen_ai.usage.input_tokens']).toBe(usage?.inputTokens);
  expect(spans[0]?.attributes['gen_ai.response.time_to_first_chunk']).toEqual(expect.any(Number));
});

test('the span of a non-streamed answer has no time to the first chunk', async () => {
  await using run = await traced([reply('Three.')]);

  await run.agent.run('How many?');

  expect(run.spans().flatMap(({ attributes }) => Object.keys(attributes))).not.toContain(
    'gen_ai.response.time_to_first_chunk',
  );
});

test('a middleware that throws before the first update ends the span with its error', async () => {
  const guard: Middleware = {
    run() {
      throw new AgentError('forbidden', 'Not for you.');
    },
  };
  await using run = await traced([], { after: [guard] });

  await expect(run.agent.run('Go')).rejects.toMatchObject({ code: 'forbidden' });

  expect(run.spans().map(({ name, attributes }) => [name, attributes['error.type']])).toEqual([
    ['invoke_agent shop', 'forbidden'],
  ]);
});

test('a truncated stream is an error of the model call and of the run, by its code', async () => {
  await using run = await traced([
    reply(['Half ', 'an answer'], { fault: { kind: 'truncate', after: { chunks: 1 } } }),
  ]);

  await expect(Array.fromAsync(run.agent.runStreaming('Go'))).rejects.toMatchObject({ code: 'stream_truncated' });

  expect(run.spans().map(({ name, status, attributes }) => [name, status.code, attributes['error.type']])).toEqual([
    ['chat gpt-4.1', SpanStatusCode.ERROR, 'stream_truncated'],
    ['invoke_agent shop', SpanStatusCode.ERROR, 'stream_truncated'],
  ]);
});

test('a reader that leaves ends both spans without an error', async () => {
  await using run = await traced([reply(['One ', 'two'], { fault: stallAfter({ chunks: 1 }) })]);

  for await (const update of run.agent.runStreaming('Count')) if (update.text !== '') break;

  expect(run.spans().map(({ status, attributes }) => [status.code, attributes['error.type']])).toEqual([
    [SpanStatusCode.UNSET, undefined],
    [SpanStatusCode.UNSET, undefined],
  ]);
});

test('a limit that ends a run is its error', async () => {
  await using run = await traced([reply(['One ', 'two three'])]);

  await expect(run.agent.run('Count', { limits: { maxBytes: 3 } })).rejects.toMatchObject({ code: 'max_bytes' });

  expect(named(run.spans(), 'invoke_agent shop').attributes['error.type']).toBe('max_bytes');
});

test('the span of a tool ends at its timeout, with an error', async () => {
  const slow = tool({ name: 'slow', description: 'Never ends.', timeoutMs: 20, execute: () => new Promise(() => {}) });
  await using run = await traced([callTool('slow', '{}'), reply('Sorry.')], { tools: [slow] });

  await run.agent.run('Go');

  expect(named(run.spans(), 'execute_tool slow')).toMatchObject({
    status: { code: SpanStatusCode.ERROR },
    attributes: { 'error.type': 'tool_timeout' },
  });
});

test('a tool that fails is an error of its span alone', async () => {
  const broken = tool({
    name: 'stock',
    description: 'Counts.',
    execute: () => {
      throw new TypeError('secret shelf');
    },
  });
  await using run = await traced([callTool('stock', '{}'), reply('Sorry.')], { tools: [broken] });

  await run.agent.run('How many?');

  const spans = run.spans();
  expect(named(spans, 'execute_tool stock')).toMatchObject({ status: { code: SpanStatusCode.ERROR } });
  expect(named(spans, 'execute_tool stock').attributes['error.type']).toBe('TypeError');
  expect(named(spans, 'invoke_agent shop').status.code).toBe(SpanStatusCode.UNSET);
  expect(JSON.stringify(spans.map(({ attributes, status }) => [attributes, status]))).not.toContain('secret');
});

test('spans carry no content of people or the model by default', async () => {
  const steps = [callTool('stock', '{}'), reply('Three teapots.')];
  await using quiet = await traced(steps, { tools: [stock], instructions: 'Be kind.' });
  await using open = await traced(steps, { tools: [stock], instructions: 'Be kind.' }, { captureContent: true });

  await quiet.agent.run('Any teapots?');
  await open.agent.run('Any teapots?');

  const said = ({ spans }: Traced) => JSON.stringify(spans().map(({ attributes }) => attributes));
  expect(said(quiet)).not.toMatch(/teapot|kind/);
  expect(named(open.spans(), 'invoke_agent shop').attributes).toMatchObject({
    'gen_ai.input.messages': expect.stringContaining('Any teapots?'),
    'gen_ai.system_instructions': expect.stringContaining('Be kind.'),
    'gen_ai.output.messages': expect.stringContaining('Three teapots.'),
  });
  expect(named(open.spans(), 'execute_tool stock').attributes['gen_ai.tool.call.result']).toBe('"3 teapots"');
});

test('the parent of a run is the span active at its first pull, wherever later pulls come from', async () => {
  await using run = await traced([reply(['One ', 'two'])]);
  const parent = run.tracer.startSpan('request');
  const updates = run.agent.runStreaming('Count')[Symbol.asyncIterator]();

  await context.with(trace.setSpan(context.active(), parent), () => updates.next());
  while ((await updates.next()).done !== true);

  const invoke = named(run.spans(), 'invoke_agent shop');
  expect(invoke.parentSpanContext?.spanId).toBe(parent.spanContext().spanId);
  expect(named(run.spans(), 'chat gpt-4.1').parentSpanContext?.spanId).toBe(invoke.spanContext().spanId);
});

test('a background run that goes on in another process has a span there, with its answer and its tokens', async () => {
  const steps = [background(reply('A report.', { id: 'resp_1' }), { looks: ['queued', 'in_progress'] })];
  await using first = await traced(steps);
  const exporter = new InMemorySpanExporter();
  const tracer = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }).getTracer('test');
  const token = (await first.agent.runInBackground('Write')).toJSON();

  await first.agent
    .resumeBackground(token, { middleware: [telemetry({ tracer, model: 'gpt-4.1' })] })
    .wait({ pollMs: 250 });

  expect(named(exporter.getFinishedSpans(), 'invoke_agent shop').attributes).toMatchObject({
    'gen_ai.response.id': 'resp_1',
    'gen_ai.usage.output_tokens': expect.any(Number),
  });
});

test('durations, first chunks and tokens are measured, grouped by model and by error', async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter });
  const meter = new MeterProvider({ readers: [reader] }).getMeter('test');
  await using run = await traced([reply('Hi.')], {}, { meter });

  await run.agent.runStreaming('Hello', { session: run.agent.createSession() }).finalResponse();
  await reader.forceFlush();

  const measured = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
  expect(measured.map(({ descriptor }) => descriptor.name).toSorted()).toEqual([
    'gen_ai.client.inference.duration',
    'gen_ai.client.inference.time_to_first_chunk',
    'gen_ai.client.inference.usage.input_tokens',
    'gen_ai.client.inference.usage.output_tokens',
    'gen_ai.invoke_agent.duration',
  ]);
  const [duration] = measured.filter(({ descriptor }) => descriptor.name === 'gen_ai.invoke_agent.duration');
  expect(duration?.dataPoints[0]?.attributes).toEqual({
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.provider.name': 'openai',
    'gen_ai.agent.name': 'shop',
  });
});
