// Programs pass on settings that may be undefined. Their compiler may be as strict as ours (exactOptionalPropertyTypes).
import { DatabaseSync } from 'node:sqlite';
import { Client, InMemoryTransport } from '@modelcontextprotocol/client';
import { McpServer } from '@modelcontextprotocol/server';
import { AISDKClient } from '@turnstream/ai-sdk';
import {
  Agent,
  dropToolResults,
  fitTokens,
  MemoryHistory,
  MemorySessions,
  summarizeTurns,
  tool,
} from '@turnstream/core';
import { FileHistory } from '@turnstream/history/file';
import { SqliteHistory, SqliteSessions } from '@turnstream/history/sqlite';
import { mcpTools } from '@turnstream/mcp';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { telemetry } from '@turnstream/otel';
import { createApp } from '@turnstream/server';
import { sqliteStore } from '@turnstream/server/sqlite';
import { mockModel, reply } from '@turnstream/testkit';
import { MockLanguageModelV4 } from 'ai/test';
import { expect, test } from 'vitest';

const missing = undefined;
const aClient = () =>
  new OpenAIResponsesClient({ model: 'm', apiKey: 'none', parameters: missing, maxFrameChars: missing });

test('options of an agent, its tools and its sessions may be undefined', async () => {
  using model = mockModel(reply('Hello.'));
  const client = new OpenAIResponsesClient({ model: 'm', apiKey: 'none', baseURL: model.baseURL });
  const look = tool({
    name: 'look',
    description: '',
    parameters: missing,
    execute: missing,
    approval: missing,
    timeoutMs: missing,
  });
  const window = { provider: missing, lastTurns: missing, compact: missing };
  const helper = new Agent({ client, name: 'helper', history: window });
  const help = helper.asTool({
    description: '',
    name: missing,
    memory: missing,
    approval: missing,
    timeoutMs: missing,
  });
  const settings = {
    name: missing,
    instructions: missing,
    onToolError: missing,
    history: missing,
    limits: missing,
    onIncomplete: missing,
  };
  const agent = new Agent({ client, tools: [look, help], middleware: missing, ...settings });
  const session = agent.createSession({ sessionId: missing, serviceSessionId: missing });

  const { text } = await agent.run('Hi', { session, tools: missing, signal: missing });

  expect(text).toBe('Hello.');
});

test('options of stores and strategies may be undefined', async () => {
  const sessions = new MemorySessions();
  const session = new Agent({ client: aClient() }).createSession();
  await sessions.save(session, { owner: 'ann', ttlMs: missing });

  const made = [
    new FileHistory('turns', { onTornTail: missing }),
    await new MemoryHistory({ maxSessions: missing }).load(session, { lastTurns: missing }),
    await new SqliteHistory(new DatabaseSync(':memory:')).load(session, { lastTurns: missing }),
    dropToolResults({ keepTurns: missing }),
    fitTokens({ maxTokens: 10, countTokens: missing }),
    summarizeTurns({ summarize: () => Promise.resolve(''), keepTurns: missing, batchTurns: missing }),
  ];

  expect(made).not.toContain(missing);
  expect(await sessions.list('ann', { limit: missing, after: missing })).toMatchObject([{ expiresAtMs: null }]);
});

test('options of a server may be undefined', async () => {
  const database = new DatabaseSync(':memory:');
  const [history, sessions] = [new SqliteHistory(database), new SqliteSessions(database)];
  const protocols = { page: missing, ui: missing, openai: missing, a2a: missing, agui: missing };
  const limits = {
    guards: missing,
    ceilings: missing,
    hosts: missing,
    cors: missing,
    input: missing,
    inspect: missing,
  };
  const app = await createApp({
    agent: { client: aClient(), history: { lastTurns: missing } },
    store: sqliteStore({ database, history, sessions, keepSessionsMs: missing, synchronous: missing }),
    identity: { token: 'a-long-secret-token' },
    webhook: missing,
    callbacks: missing,
    http: { headersMs: missing, requestMs: missing },
    logger: false,
    ...protocols,
    ...limits,
  });

  const { statusCode } = await app.inject({ url: '/healthz', headers: { host: 'localhost' } });
  await app.close();

  expect(statusCode).toBe(200);
});

test('options of the packages around an agent may be undefined', async () => {
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  const server = new McpServer({ name: 'clock', version: '1.0.0' });
  server.registerTool('now', {}, async () => ({ content: [{ type: 'text', text: '12:30' }] }));
  const clock = new Client({ name: 'shop', version: '1.0.0' });
  await Promise.all([server.connect(theirs), clock.connect(ours)]);
  const model = new MockLanguageModelV4();

  const tools = await mcpTools(clock, { prefix: missing, only: missing, approval: missing, timeoutMs: missing });
  const client = new AISDKClient({
    model,
    provider: missing,
    parameters: missing,
    maxRetries: missing,
    onWarning: missing,
  });
  const middleware = [
    telemetry({ provider: missing, model: missing, tracer: missing, meter: missing, captureContent: missing }),
  ];
  await clock.close();

  expect(new Agent({ client, tools, middleware }).worksInBackground).toBe(false);
  expect(tools).toMatchObject([{ name: 'now', approval: 'always', timeoutMs: null }]);
});
