// What the chapter's agents send to another service, to another program and to another agent.
import { Agent, approve } from '@turnstream/core';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { telemetry } from '@turnstream/otel';
import { callTool, reply, type ServedModel, serveModel } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { claude } from '../claude.ts';
import { startLoopbackClaude } from '../loopback-claude.ts';
import { chatWithReturnsDesk } from '../returns-desk.ts';
import { shopChat } from '../shop.ts';
import { spanTree } from '../span-tree.ts';
import { openWarehouse } from '../warehouse-tools.ts';

function clientOf({ baseURL }: ServedModel): OpenAIResponsesClient {
  return new OpenAIResponsesClient({ model: 'gpt-4.1', apiKey: 'k', baseURL, maxRetries: 0 });
}

test('the same agent asks Anthropic, and its signed thinking goes back with the result of the tool', async () => {
  await using service = await startLoopbackClaude({ wordMs: 0 });
  const agent = shopChat(claude({ baseURL: service.baseURL, apiKey: 'none' }));

  const { text } = await agent.runStreaming('Is the item Teapot in stock?').finalResponse();

  expect(text).toBe('We have 3 of them.');
  expect(service.requests[1]).toMatchObject({
    path: '/v1/messages',
    system: [{ text: 'You are the chat of a small shop.' }],
    messages: [
      { role: 'user', content: [{ type: 'text' }] },
      { role: 'assistant', content: [{ type: 'thinking', signature: 'EqQBsigned' }, { type: 'tool_use' }] },
      { role: 'user', content: [{ type: 'tool_result' }] },
    ],
  });
});

test('tools of another program run over stdio: one at once, the other after an approval', async () => {
  const item = '{"item":"Teapot"}';
  const steps = [callTool('shelf_count', item), reply('Three.'), callTool('reserve', item), reply('Reserved.')];
  await using model = await serveModel(...steps, callTool('shelf_count', item), reply('Two.'));
  await using warehouse = await openWarehouse();
  const agent = new Agent({ client: clientOf(model), tools: warehouse.tools });
  const session = agent.createSession();

  await agent.run('How many teapots?', { session });
  const paused = await agent.run('Reserve one.', { session });
  await agent.run(paused.approvals.map(approve), { session });
  await agent.run('And now?', { session });

  expect(paused.approvals).toMatchObject([{ name: 'reserve', arguments: item }]);
  const results = model.requests.at(-1)?.messages.filter(({ role }) => role === 'tool') ?? [];
  expect(results.map(({ text }) => text)).toEqual(['3 on the shelf', 'one Teapot is reserved', '2 on the shelf']);
});

test('the desk sees its task alone, and its run is below the call in the trace', async () => {
  await using model = await serveModel(
    callTool('returns', '{"task":"Return window of a mug?"}'),
    callTool('return_window', '{}'),
    reply('30 days, unused.'),
    reply('You have 30 days.'),
  );
  const spans = spanTree();
  const agent = chatWithReturnsDesk(clientOf(model), [telemetry({ tracer: spans.tracer, model: 'gpt-4.1' })]);

  const { text } = await agent.run('How long can I return a mug?');

  expect(text).toBe('You have 30 days.');
  expect(model.requests[1]?.texts).toEqual(['Return window of a mug?']);
  expect(spans.lines()).toEqual([
    'invoke_agent shop',
    '  chat gpt-4.1',
    '  execute_tool returns',
    '    invoke_agent returns',
    '      chat gpt-4.1',
    '      execute_tool return_window',
    '      chat gpt-4.1',
    '  chat gpt-4.1',
  ]);
});
