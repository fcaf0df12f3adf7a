// `@openai/agents` as its documentation uses it: an agent, and a session in memory.
import { Agent, MemorySession, OpenAIProvider, Runner, tool } from '@openai/agents';
import { z } from 'zod';
import { type Chat, INSTRUCTIONS, MODEL, type OnText, type Peer } from '../src/peer.ts';
import { type Api, TOOL } from '../src/wire.ts';

const weather = tool({
  name: TOOL.name,
  description: TOOL.description,
  parameters: z.object({ city: z.string() }),
  execute: () => TOOL.result,
});

export function peer(api: Api): Peer {
  return (baseURL) => {
    const modelProvider = new OpenAIProvider({ apiKey: 'sk-bench', baseURL, useResponses: api === 'responses' });
    const runner = new Runner({ modelProvider, tracingDisabled: true });
    const plain = new Agent({ name: 'bench', model: MODEL, instructions: INSTRUCTIONS });
    const withTools = new Agent({ name: 'bench', model: MODEL, instructions: INSTRUCTIONS, tools: [weather] });
    const stream = async (agent: Agent, session: MemorySession, question: string, onText: OnText): Promise<string> => {
      let text = '';
      const result = await runner.run(agent, question, { session, stream: true });
      for await (const part of result.toTextStream()) {
        text += part;
        if (!onText(part)) return text;
      }
      await result.completed;
      return text;
    };
    return {
      createSession: () => new MemorySession(),
      stream: (session, question, onText) => stream(plain, session, question, onText),
      streamWithTools: (session, question, onText) => stream(withTools, session, question, onText),
      async ask(session, question) {
        return (await runner.run(plain, question, { session })).finalOutput ?? '';
      },
    } satisfies Chat<MemorySession>;
  };
}
