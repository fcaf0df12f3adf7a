import { Client, InMemoryTransport } from '@modelcontextprotocol/client';
import { McpServer } from '@modelcontextprotocol/server';
import { Agent } from '@turnstream/core';
import { mcpTools } from '@turnstream/mcp';
import { OpenAIResponsesClient } from '@turnstream/openai';

const server = new McpServer({ name: 'clock', version: '1.0.0' });
server.registerTool('get_time', { description: 'The time now.', annotations: { readOnlyHint: true } }, async () => ({
  content: [{ type: 'text', text: '12:30' }],
}));

// Usually a transport to another process or machine.
const [ours, theirs] = InMemoryTransport.createLinkedPair();
const clock = new Client({ name: 'shop', version: '1.0.0' });
await Promise.all([server.connect(theirs), clock.connect(ours)]);

const agent = new Agent({ client: new OpenAIResponsesClient({ model: 'gpt-4.1-mini' }), tools: await mcpTools(clock) });
const { text } = await agent.run('What time is it?');
console.log(text);
await clock.close();
