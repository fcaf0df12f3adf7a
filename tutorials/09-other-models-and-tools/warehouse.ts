// Tools of an MCP server: one that only reads runs at once, one that changes something asks first.
// Run: npx -y pnpm@12 --filter 09-other-models-and-tools warehouse
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import { Agent, approve } from '@turnstream/core';
import { openWarehouse } from './warehouse-tools.ts';

reportErrors();
await using model = await chatClientFromEnv();
await using warehouse = await openWarehouse();
for (const { name, approval } of warehouse.tools) console.log(`tool ${name}: approval ${approval}`);

const agent = new Agent({ client: model.client, tools: warehouse.tools });
const session = agent.createSession();

const counted = await agent.run('Count the item "Teapot".', { session });
console.log(`\nCount: ${counted.text}`);

const paused = await agent.run('Reserve the item "Teapot".', { session });
for (const call of paused.approvals) console.log(`\nThe model asks for ${call.name}(${call.arguments})`);

const done = await agent.run(paused.approvals.map(approve), { session });
console.log(`Reserve: ${done.text}`);
