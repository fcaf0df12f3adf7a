// `@langchain/langgraph` behind the five functions. A stream has no whole answer to ask for: the state has it.
import { AIMessageChunk, type BaseMessage, HumanMessage, RemoveMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { MemorySaver } from '@langchain/langgraph';
import { createReactAgent } from '@langchain/langgraph/prebuilt';
import { ChatOpenAI } from '@langchain/openai';
import { z } from 'zod';
import type { Adapter, Chat, OpenOptions, Settings } from '../adapter.ts';

export const langgraph: Adapter = { name: '@langchain/langgraph', apis: ['Chat Completions', 'Responses'], open };

function open({ api, baseURL, tool: weather }: OpenOptions): Chat {
  const modelWith = (settings: Settings | undefined) =>
    new ChatOpenAI({
      model: 'gpt-4.1',
      apiKey: 'test-key',
      configuration: { baseURL, ...(settings === undefined ? {} : { defaultHeaders: settings.headers }) },
      useResponsesApi: api === 'Responses',
      ...(settings === undefined ? {} : { temperature: settings.temperature }),
    });
  const checkpointer = new MemorySaver();
  return {
    async start(question, { session, instructions, signal, image, settings }) {
      const agent = createReactAgent({
        llm: modelWith(settings),
        tools: weather === undefined ? [] : [toolOf(weather)],
        checkpointer,
        ...(instructions === undefined ? {} : { prompt: instructions }),
      });
      const input = { messages: [new HumanMessage({ content: contentOf(question, image) })] };
      const chunks = await agent.stream(input, {
        streamMode: 'messages',
        configurable: { thread_id: session ?? crypto.randomUUID() },
        ...(signal === undefined ? {} : { signal }),
      });
      const thoughts: string[] = [];
      return { text: () => textsOf(chunks, thoughts), reasoning: async () => thoughts.join('') };
    },
    session: () => crypto.randomUUID(),
    async rewind(session) {
      const agent = createReactAgent({ llm: modelWith(undefined), tools: [], checkpointer });
      const thread = { configurable: { thread_id: session } };
      const { messages } = (await agent.getState(thread)).values as { messages: BaseMessage[] };
      const lastTurn = messages.slice(messages.findLastIndex((message) => message instanceof HumanMessage));
      await agent.updateState(thread, { messages: lastTurn.map(({ id = '' }) => new RemoveMessage({ id })) });
    },
  };
}

function contentOf(text: string, image: string | undefined) {
  const parts = [
    { type: 'text', text },
    { type: 'image_url', image_url: { url: image ?? '' } },
  ];
  return image === undefined ? text : parts;
}

async function* textsOf(chunks: AsyncIterable<unknown>, thoughts: string[]): AsyncGenerator<string> {
  for await (const chunk of chunks) {
    const [message] = chunk as [unknown];
    if (!(message instanceof AIMessageChunk)) continue;
    const { reasoning_content: reasoning } = message.additional_kwargs;
    if (typeof reasoning === 'string') thoughts.push(reasoning);
    if (message.text !== '') yield message.text;
  }
}

function toolOf(weather: NonNullable<OpenOptions['tool']>) {
  const schema = z.object({ city: z.string() });
  return tool((args) => weather(args), { name: 'get_weather', description: 'Weather.', schema });
}
