// `@openai/agents` behind the five functions.
import { Agent, MemorySession, OpenAIProvider, Runner, type Session, tool } from '@openai/agents';
import { z } from 'zod';
import type { Adapter, Chat, OpenOptions } from '../adapter.ts';

export const openaiAgents: Adapter = { name: '@openai/agents', apis: ['Chat Completions', 'Responses'], open };

function open({ api, baseURL, tool: weather }: OpenOptions): Chat {
  const modelProvider = new OpenAIProvider({ apiKey: 'test-key', baseURL, useResponses: api === 'Responses' });
  const runner = new Runner({ modelProvider, tracingDisabled: true });
  return {
    async start(question, { session, instructions, signal }) {
      const agent = new Agent({
        name: 'chat',
        model: 'gpt-4.1',
        ...(instructions === undefined ? {} : { instructions }),
        tools: weather === undefined ? [] : [toolOf(weather)],
      });
      const result = await runner.run(agent, question, {
        stream: true,
        ...(session === undefined ? {} : { session: session as Session }),
        ...(signal === undefined ? {} : { signal }),
      });
      // Its failure is seen where the text is read.
      result.completed.catch(() => {});
      return {
        text: () => result.toTextStream(),
        async final() {
          await result.completed;
          return { text: result.finalOutput ?? '', complete: result.finalOutput !== undefined };
        },
      };
    },
    session: () => new MemorySession(),
  };
}

function toolOf(weather: NonNullable<OpenOptions['tool']>) {
  const parameters = z.object({ city: z.string() });
  return tool({
    name: 'get_weather',
    description: 'Weather.',
    parameters,
    execute: (args) => weather(args),
  });
}
