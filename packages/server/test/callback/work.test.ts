import { AgentError } from '@turnstream/core';
import { Webhook } from 'standardwebhooks';
import { beforeEach, expect, test, vi } from 'vitest';
import { type CallbackOutcome, nextTry } from '../../src/callback/schedule.ts';
import { type CallbackLog, callbackWork } from '../../src/callback/work.ts';
import type { RunRecord } from '../../src/store/run-record.ts';
import { receive } from './receiver.ts';

const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const day = 24 * 60 * 60_000;
const { signal } = new AbortController();

function outcome(status: CallbackOutcome['status'], retryAfterMs: number | null = null): CallbackOutcome {
  return { status, retryAfterMs };
}

beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0));

test('ten tries in three days, and then no more', () => {
  const waits = Array.from({ length: 11 }, (_, index) => nextTry(index + 1, outcome(500)));

  expect(waits.map((wait) => (wait === null ? null : wait / 1000))).toEqual([
    5,
    5 * 60,
    30 * 60,
    2 * 3600,
    5 * 3600,
    10 * 3600,
    14 * 3600,
    20 * 3600,
    24 * 3600,
    null,
    null,
  ]);
});

test.each([
  [0.5, 5_500],
  [0.99999, 6_000],
])('waits are up to a fifth longer', (random, waitMs) => {
  vi.mocked(Math.random).mockReturnValue(random);

  expect(nextTry(1, outcome(500))).toBe(waitMs);
});

test('each receiver can have its own secret', async () => {
  await using one = await receive();
  await using other = await receive();
  const secretOf = (port: string): string => `whsec_${Buffer.from(port.padEnd(24, 'x')).toString('base64')}`;
  const work = callbackWork({
    secret: ({ port }) => secretOf(port),
    load: async (runId) => endedRun({ runId, callbackUrl: runId === 'one' ? one.url : other.url }),
    allowLoopback: true,
    log: { info() {}, warn() {} },
  });

  for (const runId of ['one', 'other']) await work({ runId, attempt: 1, signal });

  for (const { port, requests } of [one, other]) {
    const [{ body, headers }] = requests as [(typeof requests)[number]];
    expect(new Webhook(secretOf(String(port))).verify(body, headers as Record<string, string>)).toMatchObject({
      type: 'run.completed',
    });
  }
});

test.each([200, 202, 204, 299, 410])('after %i there is no other try', (status) => {
  expect(nextTry(1, outcome(status))).toBeNull();
});

test.each([300, 307, 400, 401, 404, 409, 429, 500, 502, 503, 504, 'refused', 'timeout', 'unreachable'] as const)(
  'after %s there is another try',
  (status) => {
    expect(nextTry(1, outcome(status))).toBe(5_000);
  },
);

test.each([
  [429, 60_000, 60_000],
  [503, 60_000, 60_000],
  [503, 1_000, 5_000],
  [503, 30 * day, day],
  [500, 60_000, 5_000],
  [404, 60_000, 5_000],
])('after %i with a wait of %i milliseconds the wait is %i', (status, asked, waitMs) => {
  expect(nextTry(1, outcome(status, asked))).toBe(waitMs);
});

test('a receiver that is busy at the last try is given up like any other', () => {
  expect(nextTry(10, outcome(503, 60_000))).toBeNull();
});

function endedRun(changes: Partial<RunRecord>): RunRecord {
  return {
    runId: 'run_1',
    owner: 'ann',
    sessionId: 'session_1',
    state: 'completed',
    message: 'What is a monad?',
    ask: null,
    token: null,
    isCancelRequested: false,
    approvals: null,
    answers: null,
    askedAtMs: null,
    answeredAtMs: null,
    callbackUrl: null,
    text: 'A monoid in the category of endofunctors.',
    end: { type: 'done', status: 'completed', finishReason: 'stop', usage: null },
    createdAtMs: 1_763_000_000_000,
    endedAtMs: 1_763_000_002_000,
    ...changes,
  };
}

function noting(): CallbackLog & { readonly lines: unknown[] } {
  const lines: unknown[] = [];
  return {
    lines,
    info: (fields, message) => void lines.push(['info', fields, message]),
    warn: (fields, message) => void lines.push(['warn', fields, message]),
  };
}

test('the end of a run is sent once, without its text, and the job is done', async () => {
  await using receiver = await receive();
  const load = vi.fn(async () => endedRun({ callbackUrl: receiver.url }));
  const log = noting();
  const work = callbackWork({ secret, load, log, allowLoopback: true });

  const waitMs = await work({ runId: 'run_1', attempt: 1, signal });

  expect(waitMs).toBeNull();
  expect(load.mock.calls).toEqual([['run_1']]);
  expect(receiver.requests.map(({ body }) => body)).toEqual([
    '{"type":"run.completed","timestamp":"2025-11-13T02:13:22.000Z","data":{"runId":"run_1","sessionId":"session_1","state":"completed"}}',
  ]);
  expect(log.lines).toEqual([['info', { runId: 'run_1', attempt: 1, status: 204 }, 'callback delivered']]);
});

test('a run that waits for approval is sent as such, with a new id each time', async () => {
  await using receiver = await receive();
  const waiting = { state: 'awaiting_approval', end: null, endedAtMs: null, callbackUrl: receiver.url } as const;
  const asked = [1_763_000_002_000, 1_763_000_009_000].map((askedAtMs) => endedRun({ ...waiting, askedAtMs }));
  const load = vi.fn(async () => asked[load.mock.calls.length - 1]!);
  const work = callbackWork({ secret, load, log: noting(), allowLoopback: true });

  for (const attempt of [1, 1]) await work({ runId: 'run_1', attempt, signal });

  expect(receiver.requests.map(({ body }) => JSON.parse(body))).toEqual([
    expect.objectContaining({ type: 'run.awaiting_approval', timestamp: '2025-11-13T02:13:22.000Z' }),
    expect.objectContaining({ type: 'run.awaiting_approval', timestamp: '2025-11-13T02:13:29.000Z' }),
  ]);
  expect(receiver.requests.map(({ headers }) => headers['webhook-id'])).toEqual([
    'msg_run_1_1763000002000',
    'msg_run_1_1763000009000',
  ]);
});

test('a receiver that fails is tried again, and one that is gone is given up; the log says no URL', async () => {
  const statuses = [500, 410];
  await using receiver = await receive((response) => response.writeHead(statuses.shift() ?? 200).end());
  const log = noting();
  const load = async (): Promise<RunRecord> => endedRun({ callbackUrl: receiver.url });
  const work = callbackWork({ secret, load, log, allowLoopback: true });

  const waits = [
    await work({ runId: 'run_1', attempt: 2, signal }),
    await work({ runId: 'run_1', attempt: 3, signal }),
  ];

  expect(waits).toEqual([300_000, null]);
  expect(log.lines).toEqual([
    ['warn', { runId: 'run_1', attempt: 2, status: 500 }, 'callback failed, to be tried again'],
    ['warn', { runId: 'run_1', attempt: 3, status: 410 }, 'callback given up'],
  ]);
});

test('a URL that a development server accepted is refused by a production server', async () => {
  await using canary = await receive();
  const log = noting();
  const load = async (): Promise<RunRecord> => endedRun({ callbackUrl: canary.url });
  const work = callbackWork({ secret, load, log });

  const waitMs = await work({ runId: 'run_1', attempt: 1, signal });

  expect(waitMs).toBe(5_000);
  expect(log.lines).toMatchObject([['warn', { status: 'refused' }, 'callback failed, to be tried again']]);
  expect(await canary.connections()).toBe(0);
});

test.each([
  ['is forgotten', null],
  ['has no callback', endedRun({})],
  ['goes on', endedRun({ state: 'in_progress', endedAtMs: null, end: null, callbackUrl: 'https://receiver.example/' })],
])('nothing is sent for a run that %s', async (_, run) => {
  const log = noting();
  const lookup = vi.fn();
  const work = callbackWork({ secret, load: async () => run, log, lookup });

  const waitMs = await work({ runId: 'run_1', attempt: 1, signal });

  expect(waitMs).toBeNull();
  expect(lookup).not.toHaveBeenCalled();
  expect(log.lines).toEqual([]);
});

test('a server that stops gives the job back', async () => {
  const reason = new AgentError('server_stopping', 'The server stops.');
  const load = async (): Promise<RunRecord> => endedRun({ callbackUrl: 'http://127.0.0.1:9/' });
  const work = callbackWork({ secret, load, log: noting(), allowLoopback: true });

  const working = work({ runId: 'run_1', attempt: 1, signal: AbortSignal.abort(reason) });

  await expect(working).rejects.toBe(reason);
});

test('a malformed secret is seen before the first job', () => {
  const making = (): unknown => callbackWork({ secret: 'whsec_short', load: async () => null, log: noting() });

  expect(making).toThrow(expect.objectContaining({ code: 'config_invalid' }));
});
