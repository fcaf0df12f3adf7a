// A list of our own says what may run at once; the server's word for it does not count.
import type { Client } from '@modelcontextprotocol/client';
import type { Tool } from '@turnstream/core';
import { mcpTools } from '@turnstream/mcp';

const HARMLESS: readonly string[] = ['order.status'];

export async function shopTools(server: Client): Promise<readonly Tool[]> {
  return mcpTools(server, { approval: ({ name }) => (HARMLESS.includes(name) ? 'never' : 'always') });
}
