import type { ChatUpdate } from '@turnstream/core/seams';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ModelCall } from '../../src/call/model-call.ts';
import { ChatDecoder } from '../../src/chat-completions/answer.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Feed {
  readonly call: ModelCall;
  readonly body: ReadableStreamDefaultController<Uint8Array>;
  /** Lets the service answer; a fetch that forgets its signal does so after an abort too. */
  readonly answer: () => void;
  readonly cancelled: () => boolean;
}

/** A call whose body the test feeds by hand. */
function feed(contentType = 'text/event-stream', signal = new AbortController().signal): Feed {
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
  const answer = () => headers.resolve(new Response(stream, { headers: { 'content-type': contentType } }));
  return { call, body: body!, answer, cancelled: () => cancelled };
}

const encode = (text: string) => new TextEncoder().encode(text);
const frame = (data: object) => encode(`data: ${JSON.stringify(data)}\n\n`);
const said = (text: string) => frame({ choices: [{ delta: { content: text } }] });
const finished = frame({ choices: [{ delta: {}, finish_reason: 'stop' }] });
const counted = frame({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 1 } });

async function pullText(call: ModelCall): Promise<string | null> {
  const pull: IteratorResult<ChatUpdate, undefined> = await call.next();
  return pull.done === true ? null : pull.value.text;
}

test('a silence before the finish reason is not timed: that is what limits are for', async () => {
  const { call, body, answer } = feed();
  answer();
  body.enqueue(said('Hi'));
  await pullText(call);
  await pullText(call);

  const waiting = pullText(call);
  await vi.advanceTimersByTimeAsync(3_600_000);
  body.enqueue(said(' there'));

  expect(await waiting).toBe(' there');
});

test('a silence after the finish reason is timed, and the call ends whole', async () => {
  const { call, body, answer, cancelled } = feed();
  answer();
  body.enqueue(finished);
  await pullText(call);
  await pullText(call);

  const waiting = call.next();
  await vi.advanceTimersByTimeAsync(1000);

  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(cancelled()).toBe(true);
});

test('a reader that is slow costs no usage: only the wait for the service is timed', async () => {
  const { call, body, answer } = feed();
  answer();
  body.enqueue(finished);
  await pullText(call);
  await pullText(call);

  body.enqueue(counted);
  await vi.advanceTimersByTimeAsync(3_600_000);
  const pull = await call.next();

  expect(pull.value?.usage).toEqual({ inputTokens: 1, outputTokens: 1, totalTokens: 2 });
});

test('no timer is left of a call that is over', async () => {
  const { call, body, answer } = feed();
  answer();
  body.enqueue(finished);
  await pullText(call);
  await pullText(call);
  const waiting = call.next();
  await vi.advanceTimersByTimeAsync(10);
  body.enqueue(counted);
  body.close();

  await waiting;
  const end = await call.next();
  await vi.advanceTimersByTimeAsync(0);

  expect(end.done).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test('an answer that comes although the caller has left is thrown away', async () => {
  const { call, body, answer, cancelled } = feed();
  const waiting = call.next();
  await call.return();

  body.enqueue(said('Hi'));
  answer();
  await vi.advanceTimersByTimeAsync(0);

  expect((await waiting).done).toBe(true);
  expect(cancelled()).toBe(true);
  expect((await call.next()).done).toBe(true);
});

test('bytes that were on their way when the caller left are thrown away', async () => {
  const { call, body, answer } = feed();
  answer();
  const waiting = call.next();
  await vi.advanceTimersByTimeAsync(0);

  body.enqueue(said('Hi'));
  await call.return();
  await vi.advanceTimersByTimeAsync(0);

  expect((await waiting).done).toBe(true);
  expect((await call.next()).done).toBe(true);
});

test('a whole answer that was being read when the caller left is thrown away', async () => {
  const { call, body, answer, cancelled } = feed('application/json');
  answer();
  body.enqueue(encode('{"choices":[{"message":{"content":"Hi"}}]}'));
  const waiting = call.next();
  await vi.advanceTimersByTimeAsync(0);

  await call.return();
  await vi.advanceTimersByTimeAsync(0);

  expect((await waiting).done).toBe(true);
  expect(cancelled()).toBe(true);
  expect((await call.next()).done).toBe(true);
});

test('the updates of one read can be taken without a pull, in order and no more than those', async () => {
  const { call, body, answer } = feed();
  answer();
  const before = call.takeReady();
  body.enqueue(
    encode(`data: {"choices":[{"delta":{"content":"A"}}]}\n\ndata: {"choices":[{"delta":{"content":"B"}}]}\n\n`),
  );
  await pullText(call);

  const taken = [call.takeReady(), call.takeReady(), call.takeReady()];

  expect(before).toBeNull();
  expect(taken.map((update) => update?.text ?? null)).toEqual(['A', 'B', null]);
});

test('an update for a pull that waits is not taken past it', async () => {
  const { call, body, answer } = feed();
  answer();
  body.enqueue(said('A'));
  const pulls = [call.next(), call.next()];

  const taken = call.takeReady();
  await pulls[0];
  const between = call.takeReady();

  expect([taken, between]).toEqual([null, null]);
  expect((await pulls[1])?.value?.text).toBe('A');
});

test('after an abort nothing is taken, and the next pull says why', async () => {
  const caller = new AbortController();
  const { call, body, answer } = feed('application/json', caller.signal);
  answer();
  body.enqueue(encode('{"choices":[{"message":{"content":"Hi"}}]}'));
  body.close();
  await pullText(call);

  caller.abort('enough');

  expect(call.takeReady()).toBeNull();
  await expect(call.next()).rejects.toBe('enough');
});

test('an answer that goes on after its finish reason is waited for anew with each frame', async () => {
  const { call, body, answer } = feed();
  const texts: (string | null)[] = [];
  const reading = (async () => {
    for await (const update of call) texts.push(update.text);
  })();
  answer();

  for (const piece of ['One.', ' Two.', ' Three.']) {
    body.enqueue(said(piece));
    body.enqueue(finished);
    await vi.advanceTimersByTimeAsync(500);
  }
  body.enqueue(counted);
  await reading;

  expect(texts.join('')).toBe('One. Two. Three.');
});

test('an answer that went on and was then cut is stream_truncated', async () => {
  const { call, body, answer } = feed();
  const reading = (async () => {
    for await (const _ of call);
  })();
  answer();

  body.enqueue(said('One.'));
  body.enqueue(finished);
  body.enqueue(said(' Two'));
  body.close();

  await expect(reading).rejects.toMatchObject({ code: 'stream_truncated' });
});

test.each([
  ['a broken frame', 'data: {"choices":\n\n'],
  ['an error frame', 'data: {"error":{"message":"Late."}}\n\n'],
])('%s after the finish reason fails the answer no more than a lost connection would', async (_, late) => {
  const { call, body, answer } = feed();
  const texts: (string | null)[] = [];
  answer();
  body.enqueue(said('Four.'));
  body.enqueue(finished);
  body.enqueue(encode(late));

  for await (const update of call) texts.push(update.text);

  expect(texts.join('')).toBe('Four.');
});

test.each(['application/json', 'text/plain; charset=utf-8', ''])(
  'a body that begins like a frame is a stream under the content type "%s", however it is cut',
  async (contentType) => {
    const { call, body, answer } = feed(contentType);
    const texts: (string | null)[] = [];
    answer();
    for (const byte of '\uFEFF\n: hello\n\ndata: {"choices":[{"delta":{"content":"Hi"},"finish_reason":"stop"}]}\n\n') {
      body.enqueue(encode(byte));
    }
    body.enqueue(encode('data: [DONE]\n\n'));

    for await (const update of call) texts.push(update.text);

    expect(texts.join('')).toBe('Hi');
  },
);
