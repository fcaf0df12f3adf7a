// A model call whose body a test feeds by hand.
import type { ChatUpdate } from '@turnstream/core/seams';
import { ModelCall } from '../../src/call/model-call.ts';
import { ChatDecoder } from '../../src/chat-completions/answer.ts';

export interface Feed {
  readonly call: ModelCall;
  readonly body: ReadableStreamDefaultController<Uint8Array>;
  /** Lets the service answer; a fetch that forgets its signal does so after an abort too. */
  readonly answer: () => void;
  readonly cancelled: () => boolean;
}

/** A call whose body the test feeds by hand. */
export function feed(contentType = 'text/event-stream', signal: AbortSignal = new AbortController().signal): Feed {
  const context = { redact: (text: string) => text, requestId: null };
  const headers = Promise.withResolvers<Response>();
  let body: Feed['body'] | undefined;
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => void (body = controller),
    cancel: () => void (cancelled = true),
  });
  const call = new ModelCall({
    signal,
    request: () => headers.promise,
    answer: new ChatDecoder(context),
    context,
  });
  const answer = (): void => headers.resolve(new Response(stream, { headers: { 'content-type': contentType } }));
  return { call, body: body!, answer, cancelled: () => cancelled };
}

export const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const frame = (data: object): Uint8Array<ArrayBuffer> => encode(`data: ${JSON.stringify(data)}\n\n`);
export const said = (text: string): Uint8Array<ArrayBuffer> => frame({ choices: [{ delta: { content: text } }] });
export const finished: Uint8Array<ArrayBuffer> = frame({ choices: [{ delta: {}, finish_reason: 'stop' }] });
export const counted: Uint8Array<ArrayBuffer> = frame({
  choices: [],
  usage: { prompt_tokens: 1, completion_tokens: 1 },
});

export async function pullText(call: ModelCall): Promise<string | null> {
  const pull: IteratorResult<ChatUpdate, undefined> = await call.next();
  return pull.done === true ? null : pull.value.text;
}
