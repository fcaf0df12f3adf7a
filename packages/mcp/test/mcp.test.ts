// Against the official client and server, in memory and over HTTP, and against a server that others publish.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { localhostHostValidation, type NodeIncomingMessageLike, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { type Content } from '@turnstream/core';
import { callTool, reply, type ServedModel, serveModel } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { mcpTools } from '../src/index.ts';
import { agentOver, connected } from './shop.ts';

/** A shop's server: two tools, one of which only reads. */
function shopServer(register: (server: McpServer) => void = () => {}): McpServer {
  const server = new McpServer({ name: 'shop', version: '1.0.0' });
  server.registerTool(
    'order.status',
    {
      description: 'Where an order is.',
      inputSchema: z.object({ order: z.number() }),
      annotations: { readOnlyHint: true },
    },
    async ({ order }) => {
      if (order > 100) return { isError: true, content: [{ type: 'text', text: `There is no order ${order}.` }] };
      return {
        content: [
          { type: 'text', text: `Order ${order}` },
          { type: 'text', text: 'is packed.' },
        ],
      };
    },
  );
  server.registerTool(
    'cancel',
    { description: 'Cancels.', inputSchema: z.object({ order: z.number() }) },
    async () => ({
      content: [{ type: 'text', text: 'Cancelled.' }],
    }),
  );
  register(server);
  return server;
}

/** The results of tools that the model was sent last. */
function results(model: ServedModel): unknown {
  return model.requests.at(-1)?.messages.filter(({ role }) => role === 'tool');
}

async function listening(): Promise<AsyncDisposable & { readonly url: string }> {
  const isAllowed = localhostHostValidation();
  const handle = toNodeHandler(createMcpHandler(() => shopServer()));
  const server: Server = createServer((request, response) => {
    if (isAllowed(request, response)) void handle(request as NodeIncomingMessageLike, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

test('an agent calls a tool of the server and the model reads its text', async () => {
  await using model = await serveModel(callTool('order_status', '{"order":17}'), reply('It is packed.'));
  const client = await connected(shopServer());

  const response = await agentOver(model, await mcpTools(client)).run('Where is order 17?');

  expect(response.text).toBe('It is packed.');
  expect(JSON.stringify(results(model))).toContain('Order 17\\nis packed.');
});

test('names, descriptions and schemas reach the model, and a prefix keeps two servers apart', async () => {
  const client = await connected(shopServer());

  const [status] = await mcpTools(client, { prefix: 'shop_', only: ({ name }) => name === 'order.status' });

  expect(status).toMatchObject({
    name: 'shop_order_status',
    description: 'Where an order is.',
    parameters: { type: 'object', properties: { order: { type: 'number' } }, required: ['order'] },
  });
});

test('every call needs approval, unless the tool declares itself read-only', async () => {
  const client = await connected(shopServer());

  const careful = await mcpTools(client);
  const trusting = await mcpTools(client, { approval: () => 'never' });

  expect(careful.map(({ name, approval }) => [name, approval])).toEqual([
    ['order_status', 'never'],
    ['cancel', 'always'],
  ]);
  expect(trusting.map(({ approval }) => approval)).toEqual(['never', 'never']);
});

test('the model reads what the server says of a failed call', async () => {
  await using model = await serveModel(callTool('order_status', '{"order":170}'), reply('No such order.'));
  const client = await connected(shopServer());

  await agentOver(model, await mcpTools(client)).run('Where is order 170?');

  expect(JSON.stringify(results(model))).toContain('There is no order 170.');
});

test('arguments that the schema forbids are refused by the server, in words for the model', async () => {
  await using model = await serveModel(callTool('order_status', '{"order":"x"}'), reply('Sorry.'));
  const client = await connected(shopServer());

  await agentOver(model, await mcpTools(client)).run('Where is order x?');

  expect(JSON.stringify(results(model))).toMatch(/order.*number/i);
});

test('two tools whose names become the same are refused', async () => {
  const client = await connected(
    shopServer((server) => {
      server.registerTool('order_status', { description: 'Twin.' }, async () => ({ content: [] }));
    }),
  );

  await expect(mcpTools(client)).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('"order.status" and "order_status" would both be named order_status'),
  });
});

test('pictures and structured results arrive as they are', async () => {
  const client = await connected(
    shopServer((server) => {
      server.registerTool('photo', { description: 'A photo.' }, async () => ({
        content: [
          { type: 'text', text: 'Here:' },
          { type: 'image', data: 'AAAA', mimeType: 'image/png' },
        ],
      }));
    }),
  );
  const tools = await mcpTools(client, { only: ({ name }) => name === 'photo' });
  const signal = new AbortController().signal;

  const result = await tools[0]?.execute?.({}, { signal, session: null, callId: 'c1', report: () => {} });

  expect(result).toEqual([
    { type: 'text', text: 'Here:' },
    { type: 'data', uri: 'data:image/png;base64,AAAA', mediaType: 'image/png' },
  ]);
});

test('progress reaches the reader of the run, and an aborted run cancels the call at the server', async () => {
  await using model = await serveModel(callTool('slow', '{}', { callId: 'c1' }));
  const cancelled = Promise.withResolvers<void>();
  const client = await connected(
    shopServer((server) => {
      server.registerTool('slow', { description: 'Slow.' }, async ({ mcpReq }) => {
        const progressToken = mcpReq._meta?.progressToken;
        if (progressToken !== undefined) {
          await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress: 1, total: 2 } });
        }
        if (!mcpReq.signal.aborted) await once(mcpReq.signal, 'abort');
        cancelled.resolve();
        return { content: [] };
      });
    }),
  );
  const controller = new AbortController();
  const reason = new Error('stop');
  const agent = agentOver(model, await mcpTools(client, { approval: () => 'never' }));
  const seen: Content[] = [];
  const reading = async (): Promise<void> => {
    for await (const { contents } of agent.runStreaming('Go', { signal: controller.signal })) {
      const progress = contents.filter(({ type }) => type === 'tool_progress');
      seen.push(...progress);
      if (progress.length > 0) controller.abort(reason);
    }
  };

  await expect(reading()).rejects.toBe(reason);
  await cancelled.promise;

  expect(seen).toEqual([{ type: 'tool_progress', callId: 'c1', progress: { progress: 1, total: 2 } }]);
});

test('the same over HTTP', async () => {
  await using model = await serveModel(callTool('order_status', '{"order":17}'), reply('It is packed.'));
  await using http = await listening();
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(http.url)));

  const response = await agentOver(model, await mcpTools(client)).run('Where is order 17?');
  await client.close();

  expect(response.text).toBe('It is packed.');
});

test('a published third-party server works over stdio', async () => {
  const command = import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js');
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [new URL(command).pathname, 'stdio'],
    stderr: 'ignore',
  });
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(transport);
  await using model = await serveModel(callTool('echo', '{"message":"hello"}'), reply('Done.'));

  const tools = await mcpTools(client, { approval: () => 'never' });
  await agentOver(model, tools).run('Echo hello');
  await client.close();

  expect(tools.length).toBeGreaterThan(5);
  expect(JSON.stringify(results(model))).toContain('Echo: hello');
});
