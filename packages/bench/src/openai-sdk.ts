// The official SDK as its own documentation uses it: its stream, and a history the application keeps.
import { OpenAI } from 'openai';
import { chatWithTools, type ResponsesBody, responsesWithTools } from './openai-sdk-tools.ts';
import { type Chat, INSTRUCTIONS, MODEL, type Peer } from './peer.ts';
import type { Api } from './wire.ts';

type ChatMessage = OpenAI.ChatCompletionMessageParam;
type Item = OpenAI.Responses.ResponseInputItem;
export function openaiSdk(api: Api): Peer {
  return (baseURL) => {
    const client = new OpenAI({ baseURL, apiKey: 'sk-bench' });
    return api === 'chat' ? overChatCompletions(client) : overResponses(client);
  };
}

function overChatCompletions(client: OpenAI): Chat<ChatMessage[]> {
  const body = (messages: ChatMessage[], question: string): { model: string; messages: ChatMessage[] } => {
    messages.push({ role: 'user', content: question });
    return { model: MODEL, messages: [{ role: 'system', content: INSTRUCTIONS }, ...messages] };
  };
  return {
    createSession: () => [],
    async stream(messages, question, onText) {
      let text = '';
      const usage = { stream_options: { include_usage: true } };
      const stream = await client.chat.completions.create({ ...body(messages, question), ...usage, stream: true });
      for await (const chunk of stream) {
        const delta = chunk.choices[0]?.delta.content ?? '';
        text += delta;
        if (delta !== '' && !onText(delta)) break;
      }
      messages.push({ role: 'assistant', content: text });
      return text;
    },
    streamWithTools: (messages, question, onText) => chatWithTools(client, body(messages, question), messages, onText),
    async ask(messages, question) {
      const { choices } = await client.chat.completions.create(body(messages, question));
      const message = choices[0]?.message;
      if (message !== undefined) messages.push(message);
      return message?.content ?? '';
    },
  };
}

function overResponses(client: OpenAI): Chat<Item[]> {
  const body = (input: Item[], question: string): ResponsesBody => {
    input.push({ role: 'user', content: question });
    return { model: MODEL, instructions: INSTRUCTIONS, input, store: false };
  };
  return {
    createSession: () => [],
    async stream(input, question, onText) {
      let text = '';
      const stream = await client.responses.create({ ...body(input, question), stream: true });
      for await (const event of stream) {
        if (event.type !== 'response.output_text.delta') continue;
        text += event.delta;
        if (!onText(event.delta)) break;
      }
      input.push({ role: 'assistant', content: text });
      return text;
    },
    streamWithTools: (input, question, onText) => responsesWithTools(client, body(input, question), onText),
    async ask(input, question) {
      const response = await client.responses.create(body(input, question));
      input.push(...response.output.filter((item) => item.type === 'message'));
      return response.output_text;
    },
    async inBackground(input, question) {
      const { store: _, ...request } = body(input, question);
      const { id } = await client.responses.create({ ...request, background: true });
      await client.responses.retrieve(id);
      await client.responses.retrieve(id);
      const stored = JSON.parse(JSON.stringify({ id, input })) as { id: string; input: Item[] };
      const response = await client.responses.retrieve(stored.id);
      stored.input.push(...response.output.filter((item) => item.type === 'message'));
      return response.output_text;
    },
  };
}
