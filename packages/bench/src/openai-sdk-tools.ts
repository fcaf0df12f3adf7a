// The official SDK with a tool on offer: the loop its documentation leaves to the application.
import type { OpenAI } from 'openai';
import type { OnText } from './peer.ts';
import { TOOL, TOOL_PARAMETERS } from './wire.ts';

type ChatMessage = OpenAI.ChatCompletionMessageParam;
type Item = OpenAI.Responses.ResponseInputItem;
type Call = OpenAI.ChatCompletionMessageFunctionToolCall;
type CallItem = OpenAI.Responses.ResponseFunctionToolCall;

const { name, description } = TOOL;
const parameters = TOOL_PARAMETERS;
const CHAT_TOOL: OpenAI.ChatCompletionTool = { type: 'function', function: { name, description, parameters } };
const TOOL_ITEM: OpenAI.Responses.FunctionTool = { type: 'function', name, description, parameters, strict: true };

export interface ResponsesBody {
  readonly model: string;
  readonly instructions: string;
  readonly input: Item[];
  readonly store: false;
}

/** `messages` is what is kept of the conversation, without the instructions. */
export async function chatWithTools(
  client: OpenAI,
  body: { model: string; messages: ChatMessage[] },
  messages: ChatMessage[],
  onText: OnText,
): Promise<string> {
  const usage = { stream_options: { include_usage: true } };
  const request = { ...body, ...usage, tools: [CHAT_TOOL], stream: true as const };
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
}

export async function responsesWithTools(client: OpenAI, body: ResponsesBody, onText: OnText): Promise<string> {
  const request = { ...body, tools: [TOOL_ITEM], stream: true as const };
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
      body.input.push({ role: 'assistant', content: text });
      return text;
    }
    for (const call of calls) JSON.parse(call.arguments);
    body.input.push(...calls);
    for (const { call_id } of calls) body.input.push({ type: 'function_call_output', call_id, output: TOOL.result });
  }
}
