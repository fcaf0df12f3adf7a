// A client's call over a body that the test feeds: words, any number of them in a chunk. 'er' says nothing, and 'end' is the last.
import { expect, test } from 'vitest';
import { AgentError } from '../../src/index.ts';
import { type CallContext, ServiceCall, type ServiceCallPlan } from '../../src/seams.ts';

interface Word {
  readonly word: string;
}

interface Plan extends ServiceCallPlan {
  readonly open: (closing: AbortSignal) => Promise<ReadableStream<string>>;
}

class WordCall extends ServiceCall<Word, string, Plan> {
  protected async send(closing: AbortSignal): Promise<void> {
    this.reader = (await this.plan.open(closing)).getReader();
    if (!this.isOpen) return this.close();
    this.read();
  }

  protected sendError(error: unknown): AgentError {
    return new AgentError('connection_failed', 'No answer.', { cause: error });
  }

  protected receive(chunk: string): void {
    for (const word of chunk.split(' ')) {
      if (word === 'end') return this.finish();
      if (word === '') throw new AgentError('stream_malformed', 'A word has letters.');
      if (word !== 'er') this.queue.push({ word });
    }
  }

  protected bodyOver(error?: unknown): void {
    this.fail(new AgentError('stream_truncated', 'No end.', { cause: error }));
  }
}

function calling(opening?: Plan['open']) {
  const events: string[] = [];
  const caller = new AbortController();
  let body!: ReadableStreamDefaultController<string>;
  const stream = new ReadableStream<string>({
    start: (controller) => void (body = controller),
    cancel: () => void events.push('cancelled'),
  });
  const open: Plan['open'] = async (closing) => {
    events.push('sent');
    closing.addEventListener('abort', () => events.push('closed'));
    return stream;
  };
  const context: CallContext = { redact: (text) => text, requestId: 'req_1' };
  return { call: new WordCall({ signal: caller.signal, context, open: opening ?? open }), body, caller, events };
}

test('the request leaves at the first pull, and the call is over with the answer', async () => {
  const { call, body, events } = calling();
  const before = [...events];

  const pulls = [call.next(), call.next(), call.next()];
  for (const chunk of ['a', 'er', 'b end']) body.enqueue(chunk);
  const seen = (await Promise.all(pulls)).map(({ value }) => value?.word);
  body.close();

  expect(before).toEqual([]);
  expect(seen).toEqual(['a', 'b', undefined]);
  expect(events).toEqual(['sent']);
});

test.each([
  ['the body ends early', 'stream_truncated', (body: ReadableStreamDefaultController) => body.close()],
  [
    'the connection breaks',
    'stream_truncated',
    (body: ReadableStreamDefaultController) => body.error(new Error('reset')),
  ],
  ['a chunk cannot be taken', 'stream_malformed', (body: ReadableStreamDefaultController) => body.enqueue('')],
] as const)('when %s, every pull throws %s with the id of the request', async (_, code, breakOff) => {
  const { call, body, events } = calling();

  const pulls = [call.next(), call.next()];
  breakOff(body);
  const seen = await Promise.allSettled(pulls);

  const failure = { reason: { code, requestId: 'req_1' } };
  expect(seen).toMatchObject([failure, failure]);
  expect(events).toContain('closed');
});

test('a failed request fails the call with the error of the client', async () => {
  const refused = new Error('refused');
  const { call } = calling(() => Promise.reject(refused));

  await expect(call.next()).rejects.toMatchObject({ code: 'connection_failed', cause: refused });
});

test('return closes the connection and drops what was not taken', async () => {
  const { call, body, events } = calling();
  const first = call.next();
  body.enqueue('a b');
  await first;

  await call.return();

  expect(call.takeReady()).toBeNull();
  expect((await call.next()).done).toBe(true);
  expect(events).toEqual(['sent', 'closed', 'cancelled']);
});

test.each([
  ['in the middle of', 'a b', ['sent', 'closed', 'cancelled']],
  ['after', 'a b end', ['sent']],
])(
  'an abort %s the answer drops what was not taken, and every later pull throws its reason',
  async (_, chunk, ends) => {
    const { call, body, caller, events } = calling();
    const first = call.next();
    body.enqueue(chunk);
    await first;

    caller.abort('enough');

    expect(call.takeReady()).toBeNull();
    await expect(call.next()).rejects.toBe('enough');
    await expect(call.next()).rejects.toBe('enough');
    expect(events).toEqual(ends);
  },
);
