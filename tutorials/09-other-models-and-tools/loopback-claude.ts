// A stand-in for Anthropic's Messages API on this machine: it thinks, calls the first tool, then reads the result out.
// Events: https://platform.claude.com/docs/en/build-with-claude/streaming
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

export interface LoopbackClaude extends AsyncDisposable {
  readonly baseURL: string;
  /** What it was asked, in order. */
  readonly requests: readonly ClaudeRequest[];
}

export interface ClaudeRequest {
  readonly path: string;
  readonly system: unknown;
  readonly messages: readonly { readonly role: string; readonly content: readonly Block[] }[];
  readonly tools?: readonly { readonly name: string }[];
}

type Block = Readonly<Record<string, unknown>> & { readonly type: string };

/** `wordMs` is the time between two words. */
export async function startLoopbackClaude({ wordMs = 35 } = {}): Promise<LoopbackClaude> {
  const requests: ClaudeRequest[] = [];
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = { ...((await json(request)) as ClaudeRequest), path: request.url ?? '' };
    requests.push(asked);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    await answer(asked, response, wordMs);
    response.end();
  }
  const server = createServer((request, response) => void take(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function answer({ messages, tools }: ClaudeRequest, response: ServerResponse, wordMs: number): Promise<void> {
  const send = (event: Block): boolean => response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  const usage = { input_tokens: 40, output_tokens: 20 };
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-4-5', content: [], usage };
  const block = (index: number, start: Block, ...deltas: readonly Block[]): void => {
    send({ type: 'content_block_start', index, content_block: start });
    for (const delta of deltas) send({ type: 'content_block_delta', index, delta });
    send({ type: 'content_block_stop', index });
  };
  send({ type: 'message_start', message });
  const result = messages.at(-1)?.content.find(({ type }) => type === 'tool_result');
  const [tool] = tools ?? [];
  const callsTool = result === undefined && tool !== undefined;
  if (callsTool) {
    const thought = { type: 'thinking_delta', thinking: 'They ask about the stock.' };
    const signature = { type: 'signature_delta', signature: 'EqQBsigned' };
    block(0, { type: 'thinking', thinking: '', signature: '' }, thought, signature);
    const call = { type: 'tool_use', id: 'toolu_1', name: tool.name, input: {} };
    block(1, call, { type: 'input_json_delta', partial_json: '{"item":"Teapot"}' });
  } else {
    send({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
    for (const word of ['We ', 'have ', `${wordsOf(result)} `, 'of ', 'them.']) {
      await delay(wordMs);
      send({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: word } });
    }
    send({ type: 'content_block_stop', index: 0 });
  }
  send({ type: 'message_delta', delta: { stop_reason: callsTool ? 'tool_use' : 'end_turn' }, usage });
  send({ type: 'message_stop' });
}

/** The text of a tool's result, which comes as text or as blocks. */
function wordsOf(result: Block | undefined): string {
  const content = result?.['content'];
  return typeof content === 'string' ? content : ((content as { text: string }[] | undefined)?.[0]?.text ?? 'none');
}
