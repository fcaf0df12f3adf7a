// `@langchain/langgraph` as its documentation uses it: an agent with a checkpointer, and a thread for each conversation.
import { AIMessageChunk, HumanMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { MemorySaver } from '@langchain/langgraph';
import { createReactAgent } from '@langchain/langgraph/prebuilt';
import { ChatOpenAI } from '@langchain/openai';
import { z } from 'zod';
import { type Chat, INSTRUCTIONS, MODEL, type OnText, type Peer } from '../src/peer.ts';
import { type Api, TOOL } from '../src/wire.ts';

const { name, description } = TOOL;
const weather = tool(() => TOOL.result, { name, description, schema: z.object({ city: z.string() }) });

export function peer(api: Api): Peer {
  return (baseURL) => {
    const useResponsesApi = api === 'responses';
    const llm = new ChatOpenAI({ model: MODEL, apiKey: 'sk-bench', configuration: { baseURL }, useResponsesApi });
    const agentWith = (tools: (typeof weather)[]) =>
      createReactAgent({ llm, tools, prompt: INSTRUCTIONS, checkpointer: new MemorySaver() });
    const [plain, withTools] = [agentWith([]), agentWith([weather])];
    const asked = (question: string) => ({ messages: [new HumanMessage(question)] });
    const on = (thread: string) => ({ configurable: { thread_id: thread } });
    const stream = async (agent: typeof plain, thread: string, question: string, onText: OnText): Promise<string> => {
      let text = '';
      const chunks = await agent.stream(asked(question), { ...on(thread), streamMode: 'messages' });
      for await (const [message] of chunks) {
        if (!(message instanceof AIMessageChunk) || message.text === '') continue;
        text += message.text;
        if (!onText(message.text)) break;
      }
      return text;
    };
    return {
      createSession: () => crypto.randomUUID(),
      stream: (thread, question, onText) => stream(plain, thread, question, onText),
      streamWithTools: (thread, question, onText) => stream(withTools, thread, question, onText),
      async ask(thread, question) {
        return (await plain.invoke(asked(question), on(thread))).messages.at(-1)?.text ?? '';
      },
    } satisfies Chat<string>;
  };
}
