// This library behind the five functions.
import {
  Agent,
  type AgentInput,
  type AgentSession,
  type ChatClient,
  contentsOf,
  type ResponseStream,
  tool,
} from '@turnstream/core';
import { jsonSchema } from '@turnstream/json-schema';
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '@turnstream/openai';
import type { Adapter, Background, Chat, OpenOptions } from './adapter.ts';

export const turnstream: Adapter = { name: 'turnstream', apis: ['Chat Completions', 'Responses'], open };

function open(options: OpenOptions): Chat {
  const client = clientFor(options);
  const agent = new Agent({ client, tools: toolsOf(options) });
  return {
    start(question, { session, instructions, signal, image, settings }) {
      agent.instructions = instructions ?? null;
      const { temperature, headers } = settings ?? {};
      const stream = agent.runStreaming(inputOf(question, image), {
        ...(temperature === undefined ? {} : { parameters: { temperature }, headers }),
        ...(session === undefined ? {} : { session: session as AgentSession }),
        ...(signal === undefined ? {} : { signal }),
      });
      return { text: () => stream.textStream, final: () => wholeOf(stream), reasoning: () => reasoningOf(stream) };
    },
    session: () => agent.createSession(),
    rewind: async (session) => void (await agent.rewind(session as AgentSession)),
    ...(client.background === undefined ? {} : { background: backgroundOf(agent) }),
  };
}

async function wholeOf(stream: ResponseStream): Promise<{ text: string; complete: boolean }> {
  const { text, status } = await stream.finalResponse();
  return { text, complete: status === 'completed' };
}

function inputOf(question: string, image: string | undefined): AgentInput {
  if (image === undefined) return question;
  const text = { type: 'text', text: question } as const;
  return { role: 'user', contents: [text, { type: 'data', uri: image, mediaType: 'image/png' }] };
}

async function reasoningOf(stream: ResponseStream): Promise<string> {
  const { messages } = await stream.finalResponse();
  const contents = messages.flatMap((message) => contentsOf(message));
  return contents.map((content) => (content.type === 'text_reasoning' ? content.text : '')).join('');
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
