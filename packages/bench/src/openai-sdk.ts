// The official SDK as its own documentation uses it: its stream, and a history the application keeps.
import { OpenAI } from 'openai';
import { type Chat, INSTRUCTIONS, MODEL, type Peer } from './peer.ts';
import { type Api, TOOL, TOOL_PARAMETERS } from './wire.ts';

type ChatMessage = OpenAI.ChatCompletionMessageParam;
type Item = OpenAI.Responses.ResponseInputItem;
type Call = OpenAI.ChatCompletionMessageFunctionToolCall;
type CallItem = OpenAI.Responses.ResponseFunctionToolCall;

const { name, description } = TOOL;
const parameters = TOOL_PARAMETERS;
const CHAT_TOOL: OpenAI.ChatCompletionTool = { type: 'function', function: { name, description, parameters } };
const TOOL_ITEM: OpenAI.Responses.FunctionTool = { type: 'function', name, description, parameters, strict: true };

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
    async streamWithTools(messages, question, onText) {
      const usage = { stream_options: { include_usage: true } };
      const request = { ...body(messages, question), ...usage, tools: [CHAT_TOOL], stream: true as const };
      for (;;) {
        let text = '';
        const calls: Call[] = [];
        for await (const { choices } of await client.chat.completions.create(request)) {
          const delta = choices[0]?.delta;
          for (const { index, id = '', function: part } of delta?.tool_calls ?? []) {
            const call = (calls[index] ??= { id, type: 'function', function: { name, arguments: '' } });
            call.function.arguments += part?.arguments ?? '';
          }
          text += delta?.content ?? '';
          if (delta?.content) onText(delta.content);
        }
        if (calls.length === 0) {
          messages.push({ role: 'assistant', content: text });
          return text;
        }
        for (const call of calls) JSON.parse(call.function.arguments);
        const results = calls.map(({ id }): ChatMessage => ({ role: 'tool', tool_call_id: id, content: TOOL.result }));
        request.messages.push({ role: 'assistant', tool_calls: calls }, ...results);
        messages.push({ role: 'assistant', tool_calls: calls }, ...results);
      }
    },
    async ask(messages, question) {
      const { choices } = await client.chat.completions.create(body(messages, question));
      const message = choices[0]?.message;
      if (message !== undefined) messages.push(message);
      return message?.content ?? '';
    },
  };
}

function overResponses(client: OpenAI): Chat<Item[]> {
  const body = (input: Item[], question: string): OpenAI.Responses.ResponseCreateParamsNonStreaming => {
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
    async streamWithTools(input, question, onText) {
      const request = { ...body(input, question), tools: [TOOL_ITEM], stream: true as const };
      for (;;) {
        let text = '';
        const calls: CallItem[] = [];
        for await (const event of await client.responses.create(request)) {
          if (event.type === 'response.output_item.done' && event.item.type === 'function_call') calls.push(event.item);
          if (event.type !== 'response.output_text.delta') continue;
          text += event.delta;
          onText(event.delta);
        }
        if (calls.length === 0) {
          input.push({ role: 'assistant', content: text });
          return text;
        }
        for (const call of calls) JSON.parse(call.arguments);
        input.push(...calls);
        for (const { call_id } of calls) input.push({ type: 'function_call_output', call_id, output: TOOL.result });
      }
    },
    async ask(input, question) {
      const response = await client.responses.create(body(input, question));
      input.push(...response.output.filter((item) => item.type === 'message'));
      return response.output_text;
    },
  };
}
