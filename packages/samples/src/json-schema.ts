import { tool } from '@turnstream/core';
import { jsonSchema } from '@turnstream/json-schema';

const orderStatus = tool({
  name: 'order_status',
  description: 'Where an order is.',
  parameters: jsonSchema<{ order: number }>({
    type: 'object',
    properties: { order: { type: 'integer' } },
    required: ['order'],
  }),
  execute: ({ order }) => `Order ${order} is packed.`,
});

console.log(orderStatus.parameters);
