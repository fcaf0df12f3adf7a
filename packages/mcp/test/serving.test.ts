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

test('a tool that its caller answers cannot be served', () => {
  const declared = tool({ name: 'ask', description: 'Asks a person.' });
  const server = new McpServer({ name: 'stock', version: '1.0.0' });

  expect(() => serveTool(server, declared)).toThrowError(expect.objectContaining({ code: 'config_invalid' }));
});
