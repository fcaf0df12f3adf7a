// The tool loop without an agent: the official SDK, your own conversation and a loop, for each of OpenAI's APIs.
import type { ConfiguredSdk } from '@turnstream/config';
import type { AgentResponseUpdate } from '@turnstream/core';
import type { OpenAI } from 'openai';
import { INSTRUCTIONS } from './weather-agent.ts';
import { weatherIn, weatherTool } from './weather-tool.ts';

/** The part of an agent's update that is shown. */
export type Shown = Pick<AgentResponseUpdate, 'text' | 'contents'>;

interface Call {
  id: string;
  name: string;
  arguments: string;
}

export function answerByHand({ openai, model, api }: ConfiguredSdk, question: string): AsyncGenerator<Shown> {
  return api === 'responses' ? overResponses(openai, model, question) : overChatCompletions(openai, model, question);
}

async function* overChatCompletions(openai: OpenAI, model: string, question: string): AsyncGenerator<Shown> {
  const { name, description, parameters } = weatherTool;
  const tools = [{ type: 'function' as const, function: { name, description, parameters } }];
  const messages: OpenAI.ChatCompletionMessageParam[] = [
    { role: 'system', content: INSTRUCTIONS },
    { role: 'user', content: question },
  ];
  while (true) {
    const calls: Call[] = [];
    let text = '';
    const stream = await openai.chat.completions.create({ model, messages, tools, stream: true });
    for await (const { choices } of stream) {
      const { content, tool_calls: fragments = [] } = choices[0]?.delta ?? {};
      text += content ?? '';
      if (content) yield { text: content, contents: [] };
      // A call comes in fragments: its id and name first, then its arguments, identified by their index.
      for (const { index, id = '', function: part } of fragments) {
        const call = (calls[index] ??= { id, name: '', arguments: '' });
        call.name += part?.name ?? '';
        call.arguments += part?.arguments ?? '';
      }
    }
    if (calls.length === 0) return;
    messages.push({
      role: 'assistant',
      content: text || null,
      tool_calls: calls.map(({ id, ...called }) => ({ id, type: 'function', function: called })),
    });
    for (const call of calls) {
      const result = runTool(call);
      messages.push({ role: 'tool', tool_call_id: call.id, content: result });
      yield shown(call, result);
    }
  }
}

async function* overResponses(openai: OpenAI, model: string, question: string): AsyncGenerator<Shown> {
  const { name, description, parameters } = weatherTool;
  const tools = [{ type: 'function' as const, name, description, parameters, strict: false }];
  const input: OpenAI.Responses.ResponseInputItem[] = [{ role: 'user', content: question }];
  while (true) {
    const calls: Call[] = [];
    let text = '';
    const request = { model, instructions: INSTRUCTIONS, input, tools, store: false };
    const stream = await openai.responses.create({ ...request, stream: true });
    for await (const event of stream) {
      if (event.type === 'response.output_text.delta') {
        text += event.delta;
        yield { text: event.delta, contents: [] };
      }
      if (event.type === 'response.output_item.done' && event.item.type === 'function_call') {
        const { call_id, name: called, arguments: given } = event.item;
        calls.push({ id: call_id, name: called, arguments: given });
      }
    }
    if (calls.length === 0) return;
    if (text !== '') input.push({ role: 'assistant', content: text });
    for (const { id, ...called } of calls) input.push({ type: 'function_call', call_id: id, ...called });
    for (const call of calls) {
      const result = runTool(call);
      input.push({ type: 'function_call_output', call_id: call.id, output: result });
      yield shown(call, result);
    }
  }
}

/** There is only one tool, so this ignores the name, and it trusts the model's arguments. */
function runTool(call: Call): string {
  const { city } = JSON.parse(call.arguments) as { city: string };
  return weatherIn(city);
}

function shown({ id: callId, name, arguments: given }: Call, result: string): Shown {
  return {
    text: '',
    contents: [
      { type: 'function_call', callId, name, arguments: given },
      { type: 'function_result', callId, result },
    ],
  };
}
