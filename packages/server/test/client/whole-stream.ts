// One whole answer as bytes, its events, and a server that is a function.
import type { ChatOptions, ReadEvent } from '../../src/client/index.ts';
import { frame } from '../scripted-server.ts';

export const session: object = { sessionId: 's-1', runId: null, mode: 'replace' };
const done = {
  status: 'completed',
  finishReason: 'stop',
  usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 },
};
export const whole: string = [
  frame('1', 'session', session),
  frame('2', 'tool', { callId: 'c', name: 'look_up', status: 'called' }),
  frame('3', 'update', { text: 'Grüße 👩‍🚀\r\n\u2028data: x' }),
  ': keep-alive\n\n',
  frame('4', 'update', { text: ' [DONE]' }),
  frame('5', 'done', done),
].join('');
export const events: readonly ReadEvent[] = [
  { type: 'session', sessionId: 's-1', runId: null, mode: 'replace' },
  { type: 'tool', callId: 'c', name: 'look_up', status: 'called' },
  { type: 'update', text: 'Grüße 👩‍🚀\r\n\u2028data: x' },
  { type: 'update', text: ' [DONE]' },
  {
    type: 'done',
    status: 'completed',
    finishReason: 'stop',
    usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 },
  },
];
export const bytes: Uint8Array<ArrayBuffer> = new TextEncoder().encode(whole);

/** A server as a function: these pieces are the body. */
export function offline(pieces: readonly Uint8Array[]): ChatOptions {
  const body = (): ReadableStream =>
    new ReadableStream({
      start(controller) {
        for (const piece of pieces) if (piece.length > 0) controller.enqueue(piece);
        controller.close();
      },
    });
  const answer = async (): Promise<Response> =>
    new Response(body(), { headers: { 'content-type': 'text/event-stream' } });
  return { url: 'http://server.test', message: 'Go', fetch: answer };
}
