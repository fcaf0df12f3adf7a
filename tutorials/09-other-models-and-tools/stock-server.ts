// The warehouse's MCP server, a program of its own: warehouse.ts starts it and talks to it over stdin and stdout.
import { McpServer } from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';

const shelves = new Map([['Teapot', 3]]);
const server = new McpServer({ name: 'warehouse', version: '1.0.0' });

server.registerTool(
  'shelf.count',
  {
    description: 'Counts an item on the shelf.',
    inputSchema: z.object({ item: z.string() }),
    annotations: { readOnlyHint: true },
  },
  async ({ item }) => ({ content: [{ type: 'text', text: `${shelves.get(item) ?? 0} on the shelf` }] }),
);

server.registerTool(
  'reserve',
  { description: 'Reserves one piece of an item for a customer.', inputSchema: z.object({ item: z.string() }) },
  async ({ item }) => {
    const count = shelves.get(item) ?? 0;
    if (count === 0) return { isError: true, content: [{ type: 'text', text: `${item} is sold out.` }] };
    shelves.set(item, count - 1);
    return { content: [{ type: 'text', text: `one ${item} is reserved` }] };
  },
);

await server.connect(new StdioServerTransport());
