// `ai` (Vercel) as its documentation uses it. The caller keeps the conversation.
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, jsonSchema, type ModelMessage, stepCountIs, streamText, tool } from 'ai';
import { type Chat, INSTRUCTIONS, MODEL, type OnText, type Peer } from '../src/peer.ts';
import { type Api, TOOL, TOOL_PARAMETERS } from '../src/wire.ts';

const weather = tool({
  description: TOOL.description,
  inputSchema: jsonSchema(TOOL_PARAMETERS),
  execute: async () => TOOL.result,
});

export function peer(api: Api): Peer {
  return (baseURL) => {
    const provider = createOpenAI({ baseURL, apiKey: 'sk-bench' });
    const model = api === 'responses' ? provider.responses(MODEL) : provider.chat(MODEL);
    const tools = { tools: { [TOOL.name]: weather }, stopWhen: stepCountIs(10) };
    const asked = (messages: ModelMessage[], question: string) => {
      messages.push({ role: 'user', content: question });
      return { model, instructions: INSTRUCTIONS, messages };
    };
    const read = async (messages: ModelMessage[], texts: AsyncIterable<string>, onText: OnText): Promise<string> => {
      let text = '';
      for await (const part of texts) {
        text += part;
        if (!onText(part)) break;
      }
      messages.push({ role: 'assistant', content: text });
      return text;
    };
    return {
      createSession: () => [],
      stream: (messages, question, onText) => read(messages, streamText(asked(messages, question)).textStream, onText),
      streamWithTools: (messages, question, onText) =>
        read(messages, streamText({ ...asked(messages, question), ...tools }).textStream, onText),
      async ask(messages, question) {
        const { text } = await generateText(asked(messages, question));
        messages.push({ role: 'assistant', content: text });
        return text;
      },
    } satisfies Chat<ModelMessage[]>;
  };
}
