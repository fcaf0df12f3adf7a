// What the store contract's tests say to a store.
import type { BackgroundToken, HistoryProvider, Message } from '@turnstream/core';
import type { ServerEvent, SessionEvent } from '../../src/events/wire.ts';
import type { ApprovalAnswer, ApprovalBatch } from '../../src/store/approvals.ts';
import type { NewRun } from '../../src/store/new-run.ts';
import type { Claim, RunEnd, RunPark, ServerStore } from '../../src/store/run-store.ts';
import type { Job, Work } from '../../src/store/workers.ts';

export interface StoreRig extends AsyncDisposable {
  readonly store: ServerStore;
  /** The same tables as another process sees them, or this one after a restart. */
  reopen?(): Promise<ServerStore>;
  /** What `store-process.ts` opens the same tables with. */
  readonly address?: string;
  /** Bytes the database has written for the runs since the first call. */
  writtenBytes?(): Promise<number>;
  /** Runs statements directly, bypassing the store. */
  sql?(statements: string): Promise<void>;
  /** The full name of a table. */
  table?(name: string): string;
}

export interface RigOptions {
  /** Puts something before the history that the store is given. */
  readonly around?: (history: HistoryProvider) => HistoryProvider;
  readonly keepSessionsMs?: number | null;
}

export type OpenRig = (options?: RigOptions) => Promise<StoreRig>;

export const ada = { owner: 'ada' };
export const eve = { owner: 'eve' };
export const everything = { after: 0, limit: 1_000 };

export const turn: readonly Message[] = [
  { role: 'user', contents: 'Why is the sky blue?' },
  { role: 'assistant', contents: 'Rayleigh.' },
];

const call = { callId: 'call_1', name: 'pay', arguments: '{"euros":5}' };

/** A turn that ends with a call that waits for approval. */
export const askingTurn: readonly Message[] = [
  { role: 'user', contents: 'Pay.' },
  { role: 'assistant', contents: [{ type: 'function_call', ...call }] },
];

export function batch(expiresInMs = 3_600_000): ApprovalBatch {
  return { calls: [call], expiresAtMs: Date.now() + expiresInMs };
}

export const yes: readonly ApprovalAnswer[] = [{ callId: call.callId, arguments: call.arguments, approved: true }];

export function parked(approvals: ApprovalBatch = batch()): RunPark {
  const { expiresAtMs } = approvals;
  const events = approvals.calls.map((each): ServerEvent => ({ type: 'approval', ...each, expiresAtMs }));
  return { events, turn: { messages: askingTurn, ahead: 0 }, approvals };
}

export function newRun(changes: Partial<NewRun> = {}): NewRun {
  return {
    ...ada,
    sessionId: null,
    message: 'Why?',
    callbackUrl: null,
    key: null,
    maxOpen: 100,
    maxSessions: 1_000,
    ...changes,
  };
}

export async function claimed(store: ServerStore, changes: Partial<NewRun> = {}): Promise<Claim> {
  const { run } = await store.runs.create(newRun(changes));
  return claimOf(store, run.runId);
}

export async function claimOf(store: ServerStore, runId: string): Promise<Claim> {
  const taken = await store.runs.claim(runId);
  return taken!.claim;
}

export function update(text: string): ServerEvent {
  return { type: 'update', text };
}

export function replace({ runId }: { readonly runId: string }): SessionEvent {
  return { type: 'session', sessionId: 's', runId, mode: 'replace' };
}

export function completed(): RunEnd {
  const done = { type: 'done', status: 'completed', finishReason: 'stop', usage: null } as const;
  return { state: 'completed', events: [update('Rayleigh.'), done], turn: { messages: turn, ahead: 0 } };
}

export function token(responseId: string): BackgroundToken {
  return {
    type: 'background_run',
    version: 1,
    runId: 'b1',
    responseId,
    sequenceNumber: 3,
    question: [],
    rounds: [],
    usage: null,
    stream: true,
    sessionId: null,
    serviceSessionId: null,
  };
}

/** A worker that notes what it gets, and one waits for what it has noted. */
export class Notes {
  readonly lines: string[] = [];
  readonly jobs: Job[] = [];
  #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  work(kind: string, work: Work = async () => null): Work {
    return (job) => {
      this.jobs.push(job);
      this.lines.push(`${kind} ${job.runId} ${job.attempt}`);
      for (const { count, resolve } of this.#waiting) if (this.lines.length >= count) resolve();
      return work(job);
    };
  }

  /** The first jobs, in the order of their lines. */
  async first(count: number): Promise<string[]> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.lines.length >= count) resolve();
    this.#waiting.push({ count, resolve });
    await promise;
    return this.lines.toSorted();
  }
}

/** The jobs that are there, done with it. One of each kind is added, and what came before it is all there was. */
export async function jobsLeft(store: ServerStore): Promise<string[]> {
  const lines: string[] = [];
  const { run } = await store.runs.create(newRun({ owner: 'the last', callbackUrl: 'https://example.test/' }));
  await store.runs.requestCancel(run.runId, { owner: 'the last' });
  const ends = { run: Promise.withResolvers<void>(), callback: Promise.withResolvers<void>() };
  const note = (kind: 'run' | 'callback') => async (job: Job) => {
    if (job.runId === run.runId) ends[kind].resolve();
    else lines.push(`${kind} ${job.runId} ${job.attempt}`);
    return null;
  };
  await using _working = await store.runs.work({ run: note('run'), callback: note('callback'), concurrency: 1 });
  await Promise.all([ends.run.promise, ends.callback.promise]);
  return lines.toSorted();
}

/** A history with another way to append. */
export function appending(
  append: (history: HistoryProvider, ...args: Parameters<HistoryProvider['append']>) => Promise<{ version: number }>,
): (history: HistoryProvider) => HistoryProvider {
  return (history) => ({
    load: (session, options) => history.load(session, options),
    append: async (...args) => append(history, ...args),
    truncate: (...args) => history.truncate(...args),
    clear: (session) => history.clear(session),
  });
}

/** How often the event loop came round while the work was under way. */
export async function turnsDuring(work: () => Promise<void>): Promise<number> {
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  await work();
  isOver = true;
  return turns;
}
