// What a stream came to, in words that the official SDK and this library share.
import type { ChatClient } from '@turnstream/core';
import type OpenAI from 'openai';

export interface Outcome {
  /** Text and refusals. */
  readonly text: string;
  readonly calls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  readonly usage: { readonly input: number; readonly output: number; readonly total: number } | null;
}

/** `failed` when the reader gets an error. */
export type Seen = Outcome | 'failed';

export type Api = 'chat_completions' | 'responses';

export async function seenByUs(client: ChatClient): Promise<Seen> {
  const calls = new Map<string, { id: string; name: string; arguments: string }>();
  let text = '';
  let usage: Outcome['usage'] = null;
  const request = {
    messages: [{ role: 'user', contents: 'Hello' }],
    instructions: null,
    stream: true,
    signal: new AbortController().signal,
  } as const;
  try {
    for await (const update of client.send(request)) {
      text += update.text;
      for (const content of update.contents) {
        if (content.type !== 'function_call') continue;
        const call = calls.get(content.callId) ?? { id: content.callId, name: content.name, arguments: '' };
        calls.set(content.callId, { ...call, name: content.name, arguments: call.arguments + content.arguments });
      }
      if (update.usage !== null) {
        const { inputTokens, outputTokens, totalTokens } = update.usage;
        usage = { input: inputTokens, output: outputTokens, total: totalTokens };
      }
    }
  } catch {
    return 'failed';
  }
  return { text, calls: [...calls.values()], usage };
}

export function seenBySdk(sdk: OpenAI, api: Api): Promise<Seen> {
  return (api === 'responses' ? responsesHelper(sdk) : chatHelper(sdk)).catch(() => 'failed');
}

async function chatHelper(sdk: OpenAI): Promise<Outcome> {
  const stream = sdk.chat.completions.stream({
    model: 'gpt-4.1',
    messages: [{ role: 'user', content: 'Hello' }],
    stream_options: { include_usage: true },
  });
  const { choices, usage } = await stream.finalChatCompletion();
  const message = choices[0]?.message;
  return {
    text: (message?.content ?? '') + (message?.refusal ?? ''),
    calls: (message?.tool_calls ?? []).flatMap((call) =>
      call.type === 'function' ? [{ id: call.id, name: call.function.name, arguments: call.function.arguments }] : [],
    ),
    usage: usage ? { input: usage.prompt_tokens, output: usage.completion_tokens, total: usage.total_tokens } : null,
  };
}

async function responsesHelper(sdk: OpenAI): Promise<Outcome> {
  const response = await sdk.responses.stream({ model: 'gpt-4.1', input: 'Hello' }).finalResponse();
  const parts = response.output.flatMap((item) => (item.type === 'message' ? item.content : []));
  const { usage } = response;
  return {
    text: parts.map((part) => (part.type === 'refusal' ? part.refusal : part.text)).join(''),
    calls: response.output.flatMap((item) =>
      item.type === 'function_call' ? [{ id: item.call_id, name: item.name, arguments: item.arguments }] : [],
    ),
    usage: usage ? { input: usage.input_tokens, output: usage.output_tokens, total: usage.total_tokens } : null,
  };
}
