// The weather tool of the tests of tools, and what a model was sent.
import * as z from 'zod';
import { type Tool, tool } from '../../src/index.ts';
import type { scriptedClient } from '../scripted-client.ts';

export const city: z.ZodObject<{ city: z.ZodString }> = z.object({ city: z.string() });

/** A weather tool that notes what it was asked. */
export function weatherTool(asked: string[] = []): Tool<{ city: string }> {
  return tool({
    name: 'get_weather',
    description: 'The weather of a city.',
    parameters: city,
    execute: (input) => {
      asked.push(input.city);
      return `Sunny in ${input.city}`;
    },
  });
}

/** What each model call was sent, as short lines. */
export function sentLines(client: ReturnType<typeof scriptedClient>): string[][] {
  return client.requests.map((request) =>
    request.messages.flatMap((message) =>
      typeof message.contents === 'string'
        ? [`${message.role}: ${message.contents}`]
        : message.contents.map((content) => {
            if (content.type === 'function_call') return `call ${content.callId} ${content.name} ${content.arguments}`;
            if (content.type === 'function_result') return `result ${content.callId} ${content.result}`;
            return `${message.role}: ${'text' in content ? content.text : content.type}`;
          }),
    ),
  );
}
