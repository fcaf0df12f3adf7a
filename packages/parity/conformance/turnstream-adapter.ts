// This library behind the five functions.
import { Agent, type AgentSession, type ChatClient, type ResponseStream, tool } from '@turnstream/core';
import { jsonSchema } from '@turnstream/json-schema';
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '@turnstream/openai';
import type { Adapter, Background, Chat, OpenOptions } from './adapter.ts';

export const turnstream: Adapter = { name: 'turnstream', apis: ['Chat Completions', 'Responses'], open };

function open(options: OpenOptions): Chat {
  const client = clientFor(options);
  const agent = new Agent({ client, tools: toolsOf(options) });
  return {
    start(question, { session, instructions, signal }) {
      agent.instructions = instructions ?? null;
      const stream = agent.runStreaming(question, {
        ...(session === undefined ? {} : { session: session as AgentSession }),
        ...(signal === undefined ? {} : { signal }),
      });
      return { text: () => stream.textStream, final: () => wholeOf(stream) };
    },
    session: () => agent.createSession(),
    ...(client.background === undefined ? {} : { background: backgroundOf(agent) }),
  };
}

async function wholeOf(stream: ResponseStream): Promise<{ text: string; complete: boolean }> {
  const { text, status } = await stream.finalResponse();
  return { text, complete: status === 'completed' };
}

function backgroundOf(agent: Agent): Background {
  return {
    async start(question, options) {
      const run = await agent.runInBackground(question, options);
      return {
        wait: async () => (await run.wait({ pollMs: 250 })).text,
        async *text() {
          for await (const update of run.updates()) if (update.text !== '') yield update.text;
        },
      };
    },
  };
}

function clientFor({ api, baseURL }: OpenOptions): ChatClient {
  const common = { model: 'gpt-4.1', apiKey: 'test-key', baseURL };
  return api === 'Responses' ? new OpenAIResponsesClient(common) : new OpenAIChatCompletionsClient(common);
}

function toolsOf({ tool: weather }: OpenOptions): ReturnType<typeof tool>[] {
  if (weather === undefined) return [];
  const parameters = jsonSchema({ type: 'object', properties: { city: { type: 'string' } }, required: ['city'] });
  return [tool({ name: 'get_weather', description: 'Weather.', parameters, execute: (args) => weather(args) })];
}
