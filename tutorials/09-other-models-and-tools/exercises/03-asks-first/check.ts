import { Client, InMemoryTransport } from '@modelcontextprotocol/client';
import { McpServer } from '@modelcontextprotocol/server';
import { Agent, approve } from '@turnstream/core';
import { equal, exercise, expected } from '@turnstream/learn/check';
import { callTool, reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { shopTools } = await load('shopTools');
  const { client } = await model(
    callTool('order_cancel', '{}'),
    reply('Cancelled.'),
    callTool('customer_export', '{}'),
    callTool('order_status', '{}'),
    reply('It is packed.'),
  );
  const { connection, called } = await orderServer();
  const agent = new Agent({ client, tools: await shopTools(connection) });
  const session = agent.createSession();

  const cancel = await agent.run('Cancel order 17.', { session });
  expected('the order to stay until somebody approves', called.length === 0, 'it was cancelled at once');
  await agent.run(cancel.approvals.map(approve), { session });
  equal('the tools that ran after the approval', called, ['order.cancel']);

  const exported = await agent.run('List all customers.');
  expected(
    'a tool that only calls itself read-only to ask',
    exported.approvals.length === 1,
    'all customers were listed at once',
  );
  const status = await agent.run('Where is order 17?');
  equal('the answer about an order, without an approval', status.text, 'It is packed.');
  await connection.close();
});

/** Another team's server, which claims that its export is harmless. */
async function orderServer(): Promise<{ connection: Client; called: readonly string[] }> {
  const called: string[] = [];
  const server = new McpServer({ name: 'orders', version: '1.0.0' });
  const tools = { 'order.status': true, 'order.cancel': false, 'customer.export': true };
  for (const [name, readOnlyHint] of Object.entries(tools)) {
    server.registerTool(name, { description: name, annotations: { readOnlyHint } }, async () => {
      called.push(name);
      return { content: [{ type: 'text', text: 'done' }] };
    });
  }
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  const connection = new Client({ name: 'shop', version: '1.0.0' });
  await Promise.all([server.connect(theirs), connection.connect(ours)]);
  return { connection, called };
}
