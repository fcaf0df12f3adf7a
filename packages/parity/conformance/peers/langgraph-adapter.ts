// `@langchain/langgraph` behind the five functions. A stream has no whole answer to ask for: the state has it.
import { AIMessageChunk } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { MemorySaver } from '@langchain/langgraph';
import { createReactAgent } from '@langchain/langgraph/prebuilt';
import { ChatOpenAI } from '@langchain/openai';
import { z } from 'zod';
import type { Adapter, Chat, OpenOptions } from '../adapter.ts';

export const langgraph: Adapter = { name: '@langchain/langgraph', apis: ['Chat Completions', 'Responses'], open };

function open({ api, baseURL, tool: weather }: OpenOptions): Chat {
  const llm = new ChatOpenAI({
    model: 'gpt-4.1',
    apiKey: 'test-key',
    configuration: { baseURL },
    useResponsesApi: api === 'Responses',
  });
  const checkpointer = new MemorySaver();
  return {
    async start(question, { session, instructions, signal }) {
      const agent = createReactAgent({
        llm,
        tools: weather === undefined ? [] : [toolOf(weather)],
        checkpointer,
        ...(instructions === undefined ? {} : { prompt: instructions }),
      });
      const input = { messages: [{ role: 'user', content: question }] };
      const chunks = await agent.stream(input, {
        streamMode: 'messages',
        configurable: { thread_id: session ?? crypto.randomUUID() },
        ...(signal === undefined ? {} : { signal }),
      });
      return { text: () => textsOf(chunks) };
    },
    session: () => crypto.randomUUID(),
  };
}

async function* textsOf(chunks: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const chunk of chunks) {
    const [message] = chunk as [unknown];
    if (message instanceof AIMessageChunk && message.text !== '') yield message.text;
  }
}

function toolOf(weather: NonNullable<OpenOptions['tool']>) {
  const schema = z.object({ city: z.string() });
  return tool((args) => weather(args), { name: 'get_weather', description: 'Weather.', schema });
}
