// An agent and our tools on an MCP server, for the official client.
import { McpServer } from '@modelcontextprotocol/server';
import { tool } from '@turnstream/core';
import { reply, serveModel, stallAfter } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { serveTool } from '../src/index.ts';
import { agentOver, connected } from './shop.ts';

test('an agent is a tool of an MCP server: a task in, the answer out', async () => {
  await using model = await serveModel(reply('Three left.'));
  const server = new McpServer({ name: 'stock', version: '1.0.0' });
  serveTool(server, agentOver(model, [], 'stock').asTool({ description: 'Knows the stock.' }));
  const client = await connected(server);

  const { tools } = await client.listTools();
  const result = await client.callTool({ name: 'stock', arguments: { task: 'How many teapots?' } });

  expect(tools).toMatchObject([
    { name: 'stock', description: 'Knows the stock.', inputSchema: { required: ['task'] } },
  ]);
  expect(result.content).toEqual([{ type: 'text', text: 'Three left.' }]);
  expect(model.requests[0]?.texts).toEqual(['How many teapots?']);
});

test('what a served tool reports arrives as progress at the client', async () => {
  const counting = tool({
    name: 'count',
    description: 'Counts.',
    async *execute() {
      yield 'one';
      yield 'two';
      return 'done';
    },
  });
  const server = new McpServer({ name: 'stock', version: '1.0.0' });
  serveTool(server, counting);
  const client = await connected(server);
  const seen: unknown[] = [];

  const result = await client.callTool(
    { name: 'count', arguments: {} },
    { onprogress: (progress) => seen.push(progress) },
  );

  expect(result.content).toEqual([{ type: 'text', text: 'done' }]);
  expect(seen).toEqual([
    { progress: 1, message: 'one' },
    { progress: 2, message: 'two' },
  ]);
});

test('a client that cancels the call closes the connection of the agent to its model', async () => {
  await using model = await serveModel(reply(['One', ' two'], { fault: stallAfter({ chunks: 1 }) }));
  const server = new McpServer({ name: 'stock', version: '1.0.0' });
  serveTool(server, agentOver(model, [], 'stock').asTool({ description: 'Knows the stock.' }));
  const client = await connected(server);
  const controller = new AbortController();

  const call = client.callTool({ name: 'stock', arguments: { task: 'Count' } }, { signal: controller.signal });
  await expect.poll(() => model.requests.length).toBe(1);
  controller.abort();

  await expect(call).rejects.toThrow();
  await model.requests[0]?.closed;
  expect(model.requests[0]).toMatchObject({ closedEarly: true });
});

test('a tool that fails is an error of the call, and says nothing of ours', async () => {
  const broken = tool({
    name: 'broken',
    description: 'Breaks.',
    execute: () => {
      throw new Error('secret');
    },
  });
  const server = new McpServer({ name: 'stock', version: '1.0.0' });
  serveTool(server, broken);
  const client = await connected(server);

  const result = await client.callTool({ name: 'broken', arguments: {} });

  expect(result).toMatchObject({ isError: true, content: [{ type: 'text', text: 'The tool failed.' }] });
});

test('a served tool that times out is an error of the call, and its signal is aborted', async () => {
  const aborted = Promise.withResolvers<unknown>();
  const slow = tool({
    name: 'slow',
    description: 'Never ends.',
    timeoutMs: 20,
    execute: (_, { signal }) => {
      signal.addEventListener('abort', () => aborted.resolve(signal.reason));
      return new Promise(() => {});
    },
  });
  const server = new McpServer({ name: 'stock', version: '1.0.0' });
  serveTool(server, slow);
  const client = await connected(server);

  const result = await client.callTool({ name: 'slow', arguments: {} });

  expect(result).toMatchObject({ isError: true, content: [{ type: 'text', text: 'The tool timed out.' }] });
  await expect(aborted.promise).resolves.toMatchObject({ name: 'TimeoutError' });
});

test('images, audio, files and addresses become content blocks of that kind', async () => {
  const album = tool({
    name: 'album',
    description: 'Shows.',
    execute: () => [
      { type: 'text', text: 'Here:' },
      { type: 'data', uri: 'data:image/png;base64,AAAA', mediaType: 'image/png' },
      { type: 'data', uri: 'data:audio/wav;base64,BBBB', mediaType: 'audio/wav' },
      { type: 'data', uri: 'data:application/pdf;base64,CCCC', mediaType: 'application/pdf', name: 'a b.pdf' },
      { type: 'uri', uri: 'https://shop.test/a.png', mediaType: 'image/png' },
      { type: 'hosted_file', fileId: 'file_1' },
    ],
  });
  const server = new McpServer({ name: 'stock', version: '1.0.0' });
  serveTool(server, album);
  const client = await connected(server);

  const { content } = await client.callTool({ name: 'album', arguments: {} });

  const pdf = { uri: 'attachment:a%20b.pdf', blob: 'CCCC', mimeType: 'application/pdf' };
  expect(content).toEqual([
    { type: 'text', text: 'Here:' },
    { type: 'image', data: 'AAAA', mimeType: 'image/png' },
    { type: 'audio', data: 'BBBB', mimeType: 'audio/wav' },
    { type: 'resource', resource: pdf },
    {
      type: 'resource_link',
      uri: 'https://shop.test/a.png',
      name: 'https://shop.test/a.png',
      mimeType: 'image/png',
    },
    { type: 'text', text: '{"type":"hosted_file","fileId":"file_1"}' },
  ]);
});

test('a report after the client disconnected is dropped without an unhandled rejection', async () => {
  const started = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const rejections: unknown[] = [];
  const note = (error: unknown): void => void rejections.push(error);
  const late = tool({
    name: 'late',
    description: 'Reports late.',
    async execute(_, { report }) {
      started.resolve();
      await left.promise;
      report('late');
      setImmediate(ended.resolve);
    },
  });
  const server = new McpServer({ name: 'stock', version: '1.0.0' });
  serveTool(server, late);
  const client = await connected(server);
  process.on('unhandledRejection', note);

  const call = client.callTool({ name: 'late', arguments: {} }, { onprogress: () => {} });
  await started.promise;
  await Promise.all([expect(call).rejects.toThrow('Connection closed'), client.close()]);
  left.resolve();
  await ended.promise;
  process.off('unhandledRejection', note);

  expect(rejections).toEqual([]);
});

test('a tool that its caller answers cannot be served', () => {
  const declared = tool({ name: 'ask', description: 'Asks a person.' });
  const server = new McpServer({ name: 'stock', version: '1.0.0' });

  expect(() => serveTool(server, declared)).toThrowError(expect.objectContaining({ code: 'config_invalid' }));
});
