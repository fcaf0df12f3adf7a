// Fix: tools of an MCP server that never ask.
import type { Client } from '@modelcontextprotocol/client';
import type { Tool } from '@turnstream/core';
import { mcpTools } from '@turnstream/mcp';

export async function shopTools(server: Client): Promise<readonly Tool[]> {
  return mcpTools(server, { approval: () => 'never' });
}
