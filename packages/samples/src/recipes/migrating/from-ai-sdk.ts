// The same agent with a tool, first with `streamText`, then with an agent over the same provider.
import { AISDKClient } from '@turnstream/ai-sdk';
import { Agent, tool } from '@turnstream/core';
import { tool as aiTool, isStepCount, type LanguageModel, type ModelMessage, streamText } from 'ai';
import { z } from 'zod';

const instructions = 'You answer customers of a small shop.';
const description = 'Where an order is.';
const parameters = z.object({ order: z.number().int() });
const execute = ({ order }: z.infer<typeof parameters>): string => `Order ${order} is packed.`;

type Model = Exclude<LanguageModel, string> & { readonly specificationVersion: 'v4' };

/** Before: the array of messages is yours, and a tool loop needs to be asked for. */
export async function before(model: Model, questions: readonly string[], write: (text: string) => void): Promise<void> {
  const messages: ModelMessage[] = [];
  for (const question of questions) {
    messages.push({ role: 'user', content: question });
    const result = streamText({
      model,
      instructions,
      messages,
      tools: { order_status: aiTool({ description, inputSchema: parameters, execute }) },
      stopWhen: isStepCount(20),
    });
    for await (const text of result.textStream) write(text);
    messages.push(...(await result.responseMessages));
  }
}

/** After: the session keeps the messages, and the loop runs until the model answers. */
export async function after(model: Model, questions: readonly string[], write: (text: string) => void): Promise<void> {
  const agent = new Agent({
    client: new AISDKClient({ model }),
    instructions,
    tools: [tool({ name: 'order_status', description, parameters, execute })],
  });
  const session = agent.createSession();
  for (const question of questions) {
    for await (const text of agent.runStreaming(question, { session }).textStream) write(text);
  }
}
