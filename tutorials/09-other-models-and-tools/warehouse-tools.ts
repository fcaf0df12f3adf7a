// The warehouse's tools, from a program that another team wrote.
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { Tool } from '@turnstream/core';
import { mcpTools } from '@turnstream/mcp';

export interface Warehouse extends AsyncDisposable {
  readonly tools: readonly Tool[];
}

/** Starts the server; disposing ends it. */
export async function openWarehouse(): Promise<Warehouse> {
  const connection = new Client({ name: 'shop', version: '1.0.0' });
  const args = [fileURLToPath(new URL('stock-server.ts', import.meta.url))];
  await connection.connect(new StdioClientTransport({ command: process.execPath, args }));
  return {
    tools: await mcpTools(connection),
    [Symbol.asyncDispose]: () => connection.close(),
  };
}
