import { Agent, type ChatClient } from '@turnstream/core';
import { type ChatRequest, type ChatUpdate, chatUpdate } from '@turnstream/core/seams';
import { exercise } from '@turnstream/learn/check';
import { type OpenChat, openRightChat } from '../chats.ts';
import { expectToFind } from '../run-test.ts';
import type * as Problem from './problem.ts';

export const check = exercise<typeof Problem>(async ({ load }) => {
  const { test } = await load('test');

  await expectToFind<OpenChat>(test, openRightChat, {
    'takes every chunk for whole lines': openBroken({ joinsLines: false, joinsCharacters: true }),
    'takes every chunk for whole characters': openBroken({ joinsLines: true, joinsCharacters: false }),
  });
});

interface Skill {
  /** Keeps the half line at the end of a chunk for the next one. */
  readonly joinsLines: boolean;
  /** And half a character. */
  readonly joinsCharacters: boolean;
}

function openBroken(skill: Skill): OpenChat {
  return (baseURL) => {
    const client: ChatClient = { send: (request) => readChunks(baseURL, request, skill) };
    const agent = new Agent({ client });
    return { ask: (question) => agent.runStreaming(question) };
  };
}

async function* readChunks(
  baseURL: string,
  { signal }: ChatRequest,
  { joinsLines, joinsCharacters }: Skill,
): AsyncGenerator<ChatUpdate> {
  const response = await fetch(`${baseURL}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-5', stream: true, messages: [{ role: 'user', content: 'How much?' }] }),
    signal,
  });
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body ?? []) {
    const lines = (rest + decoder.decode(chunk, { stream: joinsCharacters })).split('\n');
    rest = joinsLines ? (lines.pop() ?? '') : '';
    for (const line of lines) {
      const data = line.startsWith('data: {') ? (JSON.parse(line.slice('data: '.length)) as Delta) : null;
      const text = data?.choices[0]?.delta.content ?? '';
      yield chatUpdate({ contents: [{ type: 'text', text }], role: 'assistant' });
    }
  }
}

interface Delta {
  readonly choices: readonly [{ readonly delta: { readonly content?: string } }?];
}
