// watchRun over connections that break: nothing twice, nothing left out, and an end to trying.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type WatchedEvent, type WatchOptions, watchRun } from '../../src/client/index.ts';
import { asTimePasses } from '../passing-time.ts';
import { frame } from '../scripted-server.ts';

const RUN = '3f2a9c1e-0000-4000-8000-0123456789ab';
const id = (seq: number): string => `${RUN}:${seq}`;
const session = (mode: string) => ({ sessionId: 's-1', runId: RUN, mode });
const all = [
  frame(id(1), 'session', session('replace')),
  frame(id(2), 'update', { text: 'Alpha ' }),
  frame(id(3), 'tool', { callId: 'c', name: 'look_up', status: 'called' }),
  frame(id(4), 'update', { text: 'beta.' }),
  frame(id(5), 'done', { status: 'completed', finishReason: 'stop', usage: null }),
];
const appending = (seq: number): string => frame(id(seq), 'session', session('append'));

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }));
afterEach(() => void vi.useRealTimers());

test('a connection that breaks after any event resumes after it', async () => {
  for (let seen = 1; seen < all.length; seen += 1) {
    const server = answering(sse(...all.slice(0, seen)), sse(appending(seen), ...all.slice(seen)));

    const watched = await read(server);

    expect(watched.map((each) => each.id).filter((each, index, ids) => ids.indexOf(each) === index)).toEqual(
      [1, 2, 3, 4, 5].map(id),
    );
    expect(textOf(watched)).toBe('Alpha beta.');
    expect(server.asked.map(({ lastEventId }) => lastEventId)).toEqual([null, id(seen)]);
  }
});

test('events that come again are dropped, and a server that begins again says so', async () => {
  const again = answering(sse(all[0]!, all[1]!), sse(appending(2), all[1]!, ...all.slice(2)));
  const anew = answering(sse(all[0]!, all[1]!), sse(...all));

  const [repeated, replaced] = [await read(again), await read(anew)];

  expect(textOf(repeated)).toBe('Alpha beta.');
  expect(replaced.map(({ event }) => event.type)).toEqual([
    'session',
    'update',
    'session',
    'update',
    'tool',
    'update',
    'done',
  ]);
  expect(textOf(replaced)).toBe('Alpha beta.');
});

test('a gap is not read over', async () => {
  const server = answering(sse(all[0]!, all[2]!));

  await expect(read(server)).rejects.toMatchObject({ code: 'stream_malformed' });
});

test('one who has the last event has nothing to read', async () => {
  const server = answering(() => new Response(null, { status: 204 }));

  const watched = await read(server, { lastEventId: id(5) });

  expect([watched, server.asked]).toEqual([[], [{ lastEventId: id(5) }]]);
});

test("the run's own failure is thrown and not asked for again; that of a connection is", async () => {
  const failed = { code: 'server_error', message: 'x', retryable: true, retryAfterMs: null };
  const ofTheRun = answering(sse(all[0]!, frame(id(2), 'error', failed)));
  const stopping = { ...failed, code: 'server_stopping' };
  const ofTheConnection = answering(sse(all[0]!, frame(id(1), 'error', stopping)), sse(appending(1), ...all.slice(1)));

  await expect(read(ofTheRun)).rejects.toMatchObject({ code: 'server_error' });
  const watched = await read(ofTheConnection);

  expect(ofTheRun.asked).toHaveLength(1);
  expect(textOf(watched)).toBe('Alpha beta.');
});

test('what the server calls final is not asked for again, whatever its code', async () => {
  const stopping = { code: 'server_stopping', message: 'x', retryable: false, retryAfterMs: null };
  const server = answering(sse(all[0]!, frame(id(1), 'error', stopping)));

  await expect(read(server)).rejects.toMatchObject({ code: 'server_stopping', retryable: false });

  expect(server.asked).toHaveLength(1);
});

test('a refusal is final, and overload is waited for as long as it says', async () => {
  const refused = answering(problem(404, 'not_found'));
  const busy = answering(problem(503, 'overloaded', { 'retry-after': '20' }), sse(...all));

  await expect(read(refused)).rejects.toMatchObject({ code: 'not_found' });
  const startedAt = Date.now();
  await read(busy);

  expect(refused.asked).toHaveLength(1);
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(20_000);
});

test('ten connections in a row without anything new are the end of it', async () => {
  const server = answering(sse(all[0]!), sse(appending(1)));

  await expect(read(server)).rejects.toMatchObject({ code: 'stream_truncated' });

  expect(server.asked).toHaveLength(10);
});

test('an aborted signal ends also the pause between two connections', async () => {
  const stop = new AbortController();
  const server = answering(sse(all[0]!));
  const watching = watchRun({ ...server.options, signal: stop.signal });
  await watching.next();
  const waiting = watching.next();
  waiting.catch(() => {});
  await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1));

  stop.abort(new Error('enough'));

  await expect(waiting).rejects.toThrow('enough');
  expect(vi.getTimerCount()).toBe(0);
});

test('leaving while the run is silent does not wait for it, and closes the connection', async () => {
  const closed = Promise.withResolvers<unknown>();
  const silent: WatchOptions['fetch'] = async (_url, init) => {
    const body = new ReadableStream({
      start(controller) {
        init?.signal?.addEventListener('abort', () => {
          controller.error(init.signal?.reason);
          closed.resolve(init.signal?.reason);
        });
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  };
  const watching = watchRun({ url: 'http://server.test', runId: RUN, fetch: silent });
  watching.next().catch(() => {});

  await watching.return(undefined);

  expect(await closed.promise).toMatchObject({ name: 'AbortError' });
});

interface Server {
  readonly options: WatchOptions;
  readonly asked: { readonly lastEventId: string | null }[];
}

type Answer = () => Response;

/** One answer for each connection; the last one again and again. */
function answering(...answers: readonly Answer[]): Server {
  const asked: Server['asked'] = [];
  const answer = async (_url: unknown, init?: RequestInit): Promise<Response> => {
    asked.push({ lastEventId: new Headers(init?.headers).get('last-event-id') });
    return (answers[asked.length - 1] ?? answers.at(-1)!)();
  };
  return { options: { url: 'http://server.test', runId: RUN, fetch: answer }, asked };
}

function sse(...frames: readonly string[]): Answer {
  return () => new Response(frames.join(''), { headers: { 'content-type': 'text/event-stream' } });
}

function problem(status: number, code: string, headers: Record<string, string> = {}): Answer {
  return () => Response.json({ error: { code, message: 'x' } }, { status, headers });
}

/** To the end, with the pauses passed over. */
function read({ options }: Server, more: Partial<WatchOptions> = {}): Promise<WatchedEvent[]> {
  return asTimePasses(Array.fromAsync(watchRun({ ...options, ...more })));
}

function textOf(watched: readonly WatchedEvent[]): string {
  return watched.reduce((text, { event }) => {
    if (event.type === 'session' && event.mode === 'replace') return '';
    return event.type === 'update' ? text + event.text : text;
  }, '');
}
