// What the tests of the worker share: a store, a model behind a real socket, and the job of one run.
import { DatabaseSync } from 'node:sqlite';
import { Agent, type AgentOptions, type Message } from '@turnstream/core';
import { SqliteHistory, SqliteSessions } from '@turnstream/history/sqlite';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { type BackgroundStep, background, reply, stallAfter } from '@turnstream/testkit';
import { isTerminal, type ServerEvent } from '../../src/events/wire.ts';
import type { RunRecord } from '../../src/store/run-record.ts';
import type { ServerStore } from '../../src/store/run-store.ts';
import { sqliteStore } from '../../src/store/sqlite.ts';
import { runWork } from '../../src/worker/run-work.ts';
import type { WorkLog, WorkOptions } from '../../src/worker/work-options.ts';

export const OWNER = 'ann';
export const letters: readonly string[] = ['Alpha ', 'beta ', 'gamma ', 'delta.'];
export const text: string = letters.join('');

/** A response of these letters that stalls after `Alpha beta `. */
export function stalled(): BackgroundStep {
  const streams = [stallAfter({ chunks: 2 })];
  return background(reply(letters, { id: 'resp_1' }), { streams, looks: Array(9).fill('in_progress') });
}

export function hasBegun({ text: soFar }: Pick<RunRecord, 'text'>): boolean {
  return soFar === 'Alpha beta ';
}

const silent: WorkLog = { info() {}, warn() {} };

export function openStore(path = ':memory:'): ServerStore {
  const database = new DatabaseSync(path);
  return sqliteStore({ database, history: new SqliteHistory(database), sessions: new SqliteSessions(database) });
}

/** A run as a route creates it, by default in its own session. */
export async function ask(store: ServerStore, message = 'Go', sessionId: string | null = null): Promise<RunRecord> {
  const asked = { owner: OWNER, sessionId, message, callbackUrl: null, key: null, maxOpen: 100, maxSessions: 100 };
  return (await store.runs.create(asked)).run;
}

export function clientOf({ baseURL }: { readonly baseURL: string }): OpenAIResponsesClient {
  return new OpenAIResponsesClient({ model: 'gpt-4.1', apiKey: 'sk-test', baseURL, maxRetries: 0 });
}

export interface Delivery extends Partial<Omit<WorkOptions, 'store'>> {
  /** Members of the agent beside its history. */
  readonly with?: Partial<AgentOptions>;
  readonly signal?: AbortSignal;
}

/** Delivers the job of the run once, and resolves with what the worker answers. */
export function deliver(
  store: ServerStore,
  model: { readonly baseURL: string },
  { runId }: Pick<RunRecord, 'runId'>,
  { with: members = {}, signal = new AbortController().signal, ...options }: Delivery = {},
): Promise<number | null> {
  const agent: WorkOptions['agent'] = (history) => new Agent({ client: clientOf(model), history, ...members });
  return runWork({ store, agent, log: silent, approvalMs: 60_000, ...options })({ runId, attempt: 1, signal });
}

/** The run as its owner sees it. */
export async function recordOf(store: ServerStore, { runId }: RunRecord): Promise<RunRecord> {
  const record = await store.runs.get(runId, { owner: OWNER });
  if (record === null) throw new Error('the run is gone');
  return record;
}

/** The run's stored events. Checks that their numbers have no gaps and that nothing follows the end. */
export async function eventsOf(store: ServerStore, { runId }: RunRecord): Promise<readonly ServerEvent[]> {
  const stored = await store.runs.events(runId, { after: 0, limit: 10_000 });
  const events = stored.map(({ event }) => event);
  const isDense = stored.every(({ seq }, index) => seq === index + 1);
  const end = events.findIndex(isTerminal);
  if (!isDense) throw new Error(`the numbers have gaps: ${stored.map(({ seq }) => seq).join(', ')}`);
  if (end !== -1 && end !== events.length - 1) throw new Error('something follows the end');
  return events;
}

/** The text as a reader puts it together. */
export function joined(events: readonly ServerEvent[]): string {
  return events.reduce((soFar, event) => {
    if (event.type === 'session' && event.mode === 'replace') return '';
    return event.type === 'update' ? soFar + event.text : soFar;
  }, '');
}

/** Each message of the session as its role and text. */
export async function historyOf(
  store: ServerStore,
  { sessionId }: RunRecord,
): Promise<readonly (readonly unknown[])[]> {
  const { messages } = await store.history.load({ sessionId });
  return messages.map(({ role, contents }: Message) => [role, contents]);
}

/** Resolves when the run is as wanted. */
export async function until(
  store: ServerStore,
  run: RunRecord,
  isSo: (record: RunRecord) => boolean,
): Promise<RunRecord> {
  for (;;) {
    const change = store.runs.changed(run.runId, { timeoutMs: 100, signal: new AbortController().signal });
    const record = await recordOf(store, run);
    if (isSo(record)) return record;
    await change;
  }
}

export function wire({
  requests,
}: {
  readonly requests: readonly { readonly method: string; readonly path: string }[];
}): string[] {
  return requests.map(({ method, path }) => `${method} ${path.replace('/v1/responses', '')}`.trim());
}

/** How many responses the service was asked for. */
export function posts(model: Parameters<typeof wire>[0]): number {
  return wire(model).filter((line) => line === 'POST').length;
}
