// How the model reads results and errors of servers.
import { type CallToolResult, McpServer, ProtocolError, ProtocolErrorCode, Server } from '@modelcontextprotocol/server';
import { callTool, reply, serveModel } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { mcpTools } from '../src/index.ts';
import { agentOver, connected } from './shop.ts';

function answering(result: CallToolResult): McpServer {
  const server = new McpServer({ name: 'shop', version: '1.0.0' });
  server.registerTool('look', { description: 'Looks.', annotations: { readOnlyHint: true } }, async () => result);
  return server;
}

/** A server that is not written with `McpServer`: it lists a bare schema and answers a call itself. */
function bare(call: () => Promise<CallToolResult>): Server {
  const server = new Server({ name: 'shop', version: '1.0.0' }, { capabilities: { tools: {} } });
  const look = { name: 'look', inputSchema: { type: 'object' as const }, annotations: { readOnlyHint: true } };
  server.setRequestHandler('tools/list', async () => ({ tools: [look] }));
  server.setRequestHandler('tools/call', call);
  return server;
}

/** The text that the model was sent as the result of a call of `look`. */
async function readOf(server: McpServer | Server): Promise<string | undefined> {
  await using model = await serveModel(callTool('look', '{}'), reply('Done.'));
  const client = await connected(server);
  await agentOver(model, await mcpTools(client)).run('Look');
  await client.close();
  return model.requests[1]?.texts.at(-1);
}

test('the model reads a text with its white space', async () => {
  const text = '    return x\n';

  const read = await readOf(answering({ content: [{ type: 'text', text }] }));

  expect(read).toBe(text);
});

test('the model reads a link with its name and description', async () => {
  const link = { type: 'resource_link' as const, uri: 'file:///a.txt', name: 'a.txt', description: 'The price list' };

  const read = await readOf(answering({ content: [link] }));

  expect(JSON.parse(read ?? '')).toEqual(link);
});

test.each([
  { result: { content: [], structuredContent: { reason: 'sold out' } }, words: '{"reason":"sold out"}' },
  { result: { content: [] }, words: 'The server reported an error without saying why.' },
  {
    result: {
      content: [
        { type: 'image' as const, data: 'AAAA', mimeType: 'image/png' },
        { type: 'text' as const, text: 'Jam' },
      ],
    },
    words: 'Jam',
  },
])('the model reads of a failed call: $words', async ({ result, words }) => {
  const server = answering({ ...result, isError: true });

  const read = await readOf(server);

  expect(read).toBe(words);
});

test('the model reads the message of a protocol error for invalid arguments', async () => {
  const server = bare(async () => {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'days must be a number');
  });

  const read = await readOf(server);

  expect(read).toBe('days must be a number');
});

test('the model does not read the message of any other protocol error', async () => {
  const server = bare(async () => {
    throw new ProtocolError(ProtocolErrorCode.InternalError, 'secret');
  });

  const read = await readOf(server);

  expect(read).toBe('Error: Function failed.');
});
