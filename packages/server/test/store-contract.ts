// The promises of ServerStore as one suite that every back end runs.
import { type BackgroundToken, type HistoryProvider, type Message } from '@turnstream/core';
import { describe, expect, test } from 'vitest';
import { type Claim, ClaimLost, type NewRun, type RunEnd, type ServerStore } from '../src/store/run-store.ts';

export interface StoreRig extends AsyncDisposable {
  readonly store: ServerStore;
  /** The same database as another process, or this one after a restart, sees it. */
  reopen(): Promise<ServerStore>;
}

export interface RigOptions {
  /** Puts something before the history that the store is given. */
  readonly around?: (history: HistoryProvider) => HistoryProvider;
}

export type OpenRig = (options?: RigOptions) => Promise<StoreRig>;

export function storeContract(name: string, openRig: OpenRig): void {
  describe(`store contract: ${name}`, () => {
    testsOfCreation(openRig);
    testsOfClaims(openRig);
  });
}

function testsOfCreation(openRig: OpenRig): void {
  test('A new run is queued, with a session of its owner, its first event and a job', async () => {
    await using rig = await openRig();
    const { store } = rig;

    const { run, isNew } = await store.runs.create(newRun());

    expect(isNew).toBe(true);
    expect(run).toEqual({
      runId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f-]{27}$/),
      owner: 'ada',
      sessionId: expect.any(String),
      state: 'queued',
      message: 'Why is the sky blue?',
      token: null,
      isCancelRequested: false,
      callbackUrl: null,
      text: '',
      end: null,
      createdAtMs: expect.any(Number),
      endedAtMs: null,
    });
    expect(await store.runs.get(run.runId, { owner: 'ada' })).toEqual(run);
    expect(await store.runs.events(run.runId, { after: 0, limit: 10 })).toEqual([
      { seq: 1, event: { type: 'session', sessionId: run.sessionId, runId: run.runId, mode: 'replace' } },
    ]);
    expect(await store.sessions.open(run.sessionId, { owner: 'ada' })).toMatchObject({ sessionId: run.sessionId });
    expect(await store.sessions.open(run.sessionId, { owner: 'eve' })).toBeNull();
    expect(await firstJobs(store, 1)).toEqual([`run ${run.runId} 1`]);
  });

  test('Fifty requests at once with one key make one run, one session and one job', async () => {
    await using rig = await openRig();
    const { store } = rig;

    const made = await Promise.all(
      Array.from({ length: 50 }, () => store.runs.create(newRun({ key: 'k', maxOpen: 1 }))),
    );

    expect(new Set(made.map(({ run }) => run.runId)).size).toBe(1);
    expect(made.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(await store.sessions.list('ada')).toHaveLength(1);
    expect(await firstJobs(store, 1)).toEqual([`run ${made[0]!.run.runId} 1`]);
  });
}

function testsOfClaims(openRig: OpenRig): void {
  test('Events are dense, and the text is what they say', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const claim = await claimed(rig.store);

    await runs.record(claim, [update('Light '), tool()], token('r1'));
    await runs.record(claim, [update('scat')], token('r1'));
    const before = await runs.get(claim.runId, { owner: 'ada' });
    await runs.record(claim, [replace(claim), update('Because')], token('r2'));

    expect(before).toMatchObject({ state: 'in_progress', text: 'Light scat', token: token('r1') });
    expect(await runs.get(claim.runId, { owner: 'ada' })).toMatchObject({ text: 'Because', token: token('r2') });
    const events = await runs.events(claim.runId, { after: 1, limit: 4 });
    expect(events).toEqual([
      { seq: 2, event: update('Light ') },
      { seq: 3, event: tool() },
      { seq: 4, event: update('scat') },
      { seq: 5, event: replace(claim) },
    ]);
  });

  test('The end is one: state, events, turn, and the job of the callback', async () => {
    await using rig = await openRig();
    const { store } = rig;
    const claim = await claimed(store, { callbackUrl: 'https://example.test/hook' });

    await store.runs.finish(claim, completed());

    const run = await store.runs.get(claim.runId, { owner: 'ada' });
    expect(run).toMatchObject({ state: 'completed', text: 'Rayleigh.', end: completed().events[1] });
    expect(await store.history.load({ sessionId: run!.sessionId })).toEqual({ messages: turn, version: 1 });
    expect(await store.runs.claim(claim.runId)).toBeNull();
    expect(await firstJobs(store, 2)).toEqual([`callback ${claim.runId} 1`, `run ${claim.runId} 1`]);
    await expect(store.runs.finish(claim, completed())).rejects.toThrow(ClaimLost);
  });
}

/** The first jobs that are delivered, in the order of their names; each is done with it. */
async function firstJobs(store: ServerStore, count: number): Promise<string[]> {
  const jobs: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const note =
    (kind: string) =>
    async ({ runId, attempt }: { runId: string; attempt: number }) => {
      if (jobs.push(`${kind} ${runId} ${attempt}`) === count) resolve();
      return null;
    };
  await using _working = await store.runs.work({ run: note('run'), callback: note('callback'), concurrency: 4 });
  await promise;
  return jobs.toSorted();
}

function newRun(changes: Partial<NewRun> = {}): NewRun {
  return {
    owner: 'ada',
    sessionId: null,
    message: 'Why is the sky blue?',
    callbackUrl: null,
    key: null,
    maxOpen: 100,
    ...changes,
  };
}

async function claimed(store: ServerStore, changes: Partial<NewRun> = {}): Promise<Claim> {
  const { run } = await store.runs.create(newRun(changes));
  const taken = await store.runs.claim(run.runId);
  return taken!.claim;
}

const update = (text: string) => ({ type: 'update', text }) as const;
const tool = () => ({ type: 'tool', callId: 'c1', name: 'light', status: 'called' }) as const;
const replace = ({ runId }: Claim) => ({ type: 'session', sessionId: 's', runId, mode: 'replace' }) as const;

const turn: readonly Message[] = [
  { role: 'user', contents: 'Why is the sky blue?' },
  { role: 'assistant', contents: 'Rayleigh.' },
];

function completed(): RunEnd {
  return {
    state: 'completed',
    events: [update('Rayleigh.'), { type: 'done', status: 'completed', finishReason: 'stop', usage: null }],
    turn,
  };
}

function token(responseId: string): BackgroundToken {
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
