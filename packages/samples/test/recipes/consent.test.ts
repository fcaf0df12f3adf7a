// docs/recipes/consent.md: a refund waits for a person, over HTTP.
import { createApp } from '@turnstream/server';
import { callTool, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { askWithConsent, refundOrder } from '../../src/recipes/consent.ts';
import { inMemory, scripted, token } from './scripted.ts';

const call = { order: 7, cents: 4_200 };

test.each([
  [true, 'Order 7 was refunded: 42 €'],
  [false, 'Error: Tool call invocation was rejected by user.'],
])('a refund that is allowed (%s) gives the model "%s"', async (allowed, result) => {
  await using service = await scripted(callTool('refund_order', call), reply(['All ', 'done.']));
  const app = await createApp({ ...inMemory(), agent: { client: service.client, tools: [refundOrder] } });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const shown: string[] = [];

  const words = await Array.fromAsync(
    askWithConsent({ url, token }, 'Refund order 7.', async ({ name, arguments: args }) => {
      shown.push(`${name} ${args}`);
      return allowed;
    }),
  );

  expect([shown, words]).toEqual([[`refund_order ${JSON.stringify(call)}`], ['All ', 'done.']]);
  expect(service.model.requests[1]!.texts.at(-1)).toBe(result);
  await app.close();
});
