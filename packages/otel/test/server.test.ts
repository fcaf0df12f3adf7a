// A trace that arrives at a served agent continues into its runs.
import { DatabaseSync } from 'node:sqlite';
import { FastifyOtelInstrumentation } from '@fastify/otel';
import { context, propagation } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { tool } from '@turnstream/core';
import { SqliteHistory, SqliteSessions } from '@turnstream/history/sqlite';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { createApp } from '@turnstream/server';
import { watchRun } from '@turnstream/server/client';
import { sqliteStore } from '@turnstream/server/sqlite';
import { background, callTool, reply, type Step, serveModel } from '@turnstream/testkit';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { telemetry } from '../src/index.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const TOKEN = 'a-long-secret-token';

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
});
afterAll(() => {
  context.disable();
  propagation.disable();
});

/** A served agent whose Fastify and runs are traced together. */
async function served(...steps: readonly Step[]): Promise<{ url: string; spans: () => readonly ReadableSpan[] }> {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const fastify = new FastifyOtelInstrumentation({ registerOnInitialization: true });
  fastify.setTracerProvider(provider);
  const model = await serveModel(...steps);
  const client = new OpenAIResponsesClient({ model: 'gpt-4.1', apiKey: 'k', baseURL: model.baseURL, maxRetries: 0 });
  const stock = tool({ name: 'stock', description: 'Counts the stock.', execute: () => '3 teapots' });
  const traced = telemetry({ tracer: provider.getTracer('test'), model: 'gpt-4.1' });
  const database = new DatabaseSync(':memory:');
  const app = await createApp({
    agent: { client, name: 'shop', tools: [stock], middleware: [traced] },
    store: sqliteStore({ database, history: new SqliteHistory(database), sessions: new SqliteSessions(database) }),
    identity: { token: TOKEN },
    logger: false,
  });
  onTestFinished(async () => {
    await app.close();
    fastify.disable();
    database.close();
    await model[Symbol.asyncDispose]();
  });
  return { url: await app.listen({ host: '127.0.0.1', port: 0 }), spans: () => exporter.getFinishedSpans() };
}

function named(spans: readonly ReadableSpan[], name: string): ReadableSpan {
  const span = spans.find((each) => each.name === name);
  if (span === undefined) throw new Error(`no span ${name} among ${spans.map((each) => each.name).join(', ')}`);
  return span;
}

/** The names of the spans from this one up to the first that has no parent here. */
function pathOf(span: ReadableSpan | undefined, spans: readonly ReadableSpan[]): string[] {
  if (span === undefined) return [];
  const parent = spans.find((each) => each.spanContext().spanId === span.parentSpanContext?.spanId);
  return [span.name, ...pathOf(parent, spans)];
}

const headers = {
  authorization: `Bearer ${TOKEN}`,
  'content-type': 'application/json',
  traceparent: `00-${TRACE}-${CALLER}-01`,
};

test.each([
  ['/chat', 'handler - chatPlugin'],
  ['/chat/stream', 'handler - chatStreamPlugin'],
])('an incoming trace continues into the run of a chat, at %s', async (path, handler) => {
  const { url, spans } = await served(callTool('stock', '{}'), reply(['Three ', 'left.']));

  const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify({ message: 'How many?' }) });
  await response.text();

  const ours = spans().filter(({ name }) => /^(?:invoke_agent|chat|execute_tool) /.test(name));
  expect(ours.map((span) => pathOf(span, spans()))).toEqual([
    ['chat gpt-4.1', 'invoke_agent shop', handler, 'request'],
    ['execute_tool stock', 'invoke_agent shop', handler, 'request'],
    ['chat gpt-4.1', 'invoke_agent shop', handler, 'request'],
    ['invoke_agent shop', handler, 'request'],
  ]);
  expect(new Set(spans().map((span) => span.spanContext().traceId))).toEqual(new Set([TRACE]));
  expect(named(spans(), 'request').parentSpanContext?.spanId).toBe(CALLER);
});

test('a background run has a trace of its own, because it outlives the request', async () => {
  const { url, spans } = await served(background(reply('A report.'), { looks: ['queued'] }));

  const started = await fetch(`${url}/runs`, { method: 'POST', headers, body: JSON.stringify({ message: 'Report' }) });
  const { runId } = (await started.json()) as { runId: string };
  for await (const _ of watchRun({ url, token: TOKEN, runId }));

  const invoke = named(spans(), 'invoke_agent shop');
  expect(invoke.parentSpanContext).toBeUndefined();
  expect(invoke.spanContext().traceId).not.toBe(TRACE);
});
