// A typical naive model client: it assumes that every network chunk holds complete lines of complete characters.
import { AgentError, type ChatClient } from '@turnstream/core';
import { type ChatRequest, type ChatUpdate, chatUpdate } from '@turnstream/core/seams';

interface Delta {
  readonly choices: readonly [
    { readonly delta: { readonly content?: string }; readonly finish_reason: string | null }?,
  ];
}

export function naiveClient(baseURL: string): ChatClient {
  return { send: (request) => readChunks(baseURL, request) };
}

async function* readChunks(baseURL: string, { messages, signal }: ChatRequest): AsyncGenerator<ChatUpdate> {
  const response = await fetch(`${baseURL}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4.1', stream: true, messages: messages.map(wireMessage) }),
    signal,
  });
  let hasEnded = false;
  for await (const chunk of response.body ?? []) {
    for (const line of new TextDecoder().decode(chunk).split('\n')) {
      if (!line.startsWith('data: {')) continue;
      const [choice] = (JSON.parse(line.slice('data: '.length)) as Delta).choices;
      hasEnded ||= choice?.finish_reason === 'stop';
      yield chatUpdate({ contents: [{ type: 'text', text: choice?.delta.content ?? '' }], role: 'assistant' });
    }
  }
  if (!hasEnded) throw new AgentError('stream_truncated', 'The stream ended early.');
}

function wireMessage({ role, contents }: ChatRequest['messages'][number]): object {
  const text =
    typeof contents === 'string' ? contents : contents.map((each) => ('text' in each ? each.text : '')).join('');
  return { role, content: text };
}
