// An MCP server of a shop, a client of it, and an agent that has its tools.
import { Client, InMemoryTransport } from '@modelcontextprotocol/client';
import { type McpServer, type Server } from '@modelcontextprotocol/server';
import { Agent, type Tool } from '@turnstream/core';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { type ServedModel } from '@turnstream/testkit';

export async function connected(server: McpServer | Server): Promise<Client> {
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'test', version: '1.0.0' });
  await Promise.all([server.connect(theirs), client.connect(ours)]);
  return client;
}

export function agentOver(model: ServedModel, tools: readonly Tool[], name = 'clerk'): Agent {
  const client = new OpenAIResponsesClient({ model: 'gpt-4.1', apiKey: 'k', baseURL: model.baseURL, maxRetries: 0 });
  return new Agent({ client, name, tools });
}
