// What the chapter's middleware does, with a scripted model that shows what it was sent.
import { Agent, contextProvider, tool } from '@turnstream/core';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { callTool, mockModel, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { withoutCardNumbers } from '../card-numbers.ts';
import { CustomerMemory } from '../customer-memory.ts';
import { stopwatch } from '../stopwatch.ts';

function clientOf({ baseURL }: { readonly baseURL: string }): OpenAIResponsesClient {
  return new OpenAIResponsesClient({ model: 'gpt-4.1', apiKey: 'k', baseURL, maxRetries: 0 });
}

test('a card number is neither sent nor stored, however it is written', async () => {
  using model = mockModel(reply('Thank you.'));
  const agent = new Agent({ client: clientOf(model), middleware: [withoutCardNumbers] });
  const session = agent.createSession();

  await agent.run(
    ['4111-1111-1111-1111', { role: 'user', contents: [{ type: 'text', text: 'or 4111111111111111' }] }],
    {
      session,
    },
  );

  expect(model.requests[0]!.texts).toEqual(['[card]', 'or [card]']);
  expect(JSON.stringify(session)).not.toContain('4111');
});

test('the stopwatch tells each model call and each tool, and the words still stream', async () => {
  using model = mockModel(callTool('stock', '{}'), reply(['Three ', 'left.']));
  const lines: string[] = [];
  const stock = tool({ name: 'stock', description: 'Counts.', execute: () => '3' });
  const agent = new Agent({
    client: clientOf(model),
    tools: [stock],
    middleware: [stopwatch((line) => lines.push(line))],
  });

  const texts: string[] = [];
  for await (const text of agent.runStreaming('How many?').textStream) texts.push(text);

  expect(texts).toEqual(['Three ', 'left.']);
  expect(lines.map((line) => line.replaceAll(/\d+ ms/g, 'N ms'))).toEqual([
    'model call: first word N ms, whole N ms',
    'tool stock: N ms',
    'model call: first word N ms, whole N ms',
  ]);
});

test("what one customer said is sent in that customer's later conversations alone", async () => {
  using model = mockModel(reply('Noted.'), reply('Teal.'), reply('I do not know.'));
  const agent = new Agent({ client: clientOf(model), middleware: [contextProvider(new CustomerMemory())] });
  const ask = async (customer: string, question: string): Promise<void> => {
    const session = agent.createSession();
    session.state['customer'] = customer;
    await agent.run(question, { session });
  };

  await ask('Ann', 'My favorite color is teal.');
  await ask('Ann', 'Which color?');
  await ask('Ben', 'Which color?');

  expect(model.requests.map(({ texts }) => texts)).toEqual([
    ['My favorite color is teal.'],
    ['My favorite color is teal.', 'Which color?'],
    ['Which color?'],
  ]);
});
