// One job of one worker: resumes a run, follows it, and stores how it ended, all under one claim.
import {
  AgentError,
  type AgentResponse,
  AgentSession,
  type BackgroundRun,
  type BackgroundToken,
} from '@turnstream/core';
import { backoffMs, isTransient, unlessAborted } from '@turnstream/core/seams';
import { afterApproval, errorEvent, GIVEN_UP, INTERRUPTED } from '../events/error-event.ts';
import { SentEvents } from '../events/sent-events.ts';
import type { ErrorEvent, ServerEvent } from '../events/wire.ts';
import { endStateOf } from '../store/run-ends.ts';
import type { RunRecord } from '../store/run-record.ts';
import { type Claim, ClaimLost, type RunEnd, type ServerStore } from '../store/run-store.ts';
import type { Job } from '../store/workers.ts';
import { cannotApprove } from '../turn/approvals.ts';
import { inputOf } from './approved-input.ts';
import { EventBatches } from './event-batches.ts';
import { RunEventWriter } from './event-writer.ts';
import { RunAgent } from './run-agent.ts';
import { takeSentBefore } from './sent-before.ts';
import { StagedHistory } from './staged-history.ts';
import { CancelRequested, RunWatchdog } from './watchdog.ts';
import type { WorkOptions } from './work-options.ts';

/** How long a stopping server waits for an answer of the service without which the id of a response would be lost. */
const GRACE_MS = 5_000;
/** How long a cancelled run may take to end. */
const CANCEL_MS = 30_000;
/** How long giving up a run may wait for the service to cancel it. */
const STOP_COSTS_MS = 10_000;
/** Between the attempts of one run. */
const PAUSES = { firstMs: 2_000, longestMs: 600_000, growth: 4 };
const MAX_ATTEMPTS = 5;
const MAX_RUN_MS = 3_600_000;

export class RunJob {
  readonly #options: WorkOptions;
  readonly #store: ServerStore;
  readonly #job: Job;
  readonly #claim: Claim;
  readonly #run: RunRecord;
  readonly #maxAttempts: number;
  readonly #history: StagedHistory;
  readonly #agent: RunAgent;
  readonly #sent = new SentEvents();
  readonly #batches: EventBatches;
  #hasMovedOn = false;
  /** Approved calls may be running, and no token has their results yet. */
  #isApprovalUsed = false;
  /** Null until the service has the run. */
  #background: BackgroundRun | null = null;

  constructor(options: WorkOptions, job: Job, { claim, run }: { readonly claim: Claim; readonly run: RunRecord }) {
    const { store, log, maxAttempts = MAX_ATTEMPTS } = options;
    this.#options = options;
    this.#store = store;
    this.#job = job;
    this.#claim = claim;
    this.#run = run;
    this.#maxAttempts = maxAttempts;
    this.#history = new StagedHistory(store.history, log);
    this.#agent = new RunAgent(options.agent(this.#history), run);
    this.#batches = new EventBatches((events, token) => this.#record(events, token));
  }

  /** Attempts without progress, this one included. */
  get #attempts(): number {
    return this.#hasMovedOn ? 1 : this.#claim.attempts;
  }

  /** As `Work` says. Rejects only with what the next attempt may not meet, such as a database that is away. */
  async work(): Promise<number | null> {
    try {
      return await this.#toItsEnd();
    } catch (error) {
      if (!(error instanceof ClaimLost)) throw error;
      await this.#lost();
      return null;
    }
  }

  async #toItsEnd(): Promise<number | null> {
    if (this.#claim.attempts > this.#maxAttempts) return this.#giveUp(GIVEN_UP);
    if (this.#run.token === null && this.#run.answers?.length === 0) return this.#giveUp(INTERRUPTED);
    try {
      const response = await this.#answer();
      const events = response === null ? [] : this.#sent.whole(response, this.#run);
      if (response !== null && response.approvals.length > 0) return await this.#park(response, events);
      const { finishReason = null, usage = null } = response ?? {};
      const status = endStateOf(response);
      await this.#finish(status, [...events, { type: 'done', status, finishReason, usage }]);
      return null;
    } catch (error) {
      return this.#withoutAnswer(error);
    }
  }

  /** Null when the run was cancelled before the service had it. */
  async #answer(): Promise<AgentResponse | null> {
    const { runId, sessionId, owner } = this.#run;
    const session = await this.#store.sessions.open(sessionId, { owner });
    if (session === null) throw new AgentError('not_found', `The session of run ${runId} is gone.`);
    const { maxRunMs = MAX_RUN_MS } = this.#options;
    await using watch = new RunWatchdog(this.#store.runs, this.#run, { signal: this.#job.signal, maxRunMs });
    try {
      const background = await this.#begin(session, watch);
      return await this.#followRun(background, watch.signal);
    } catch (error) {
      if (error instanceof CancelRequested) return await this.#cancelled();
      throw error;
    }
  }

  async #begin(session: AgentSession, watch: RunWatchdog): Promise<BackgroundRun> {
    const { token, answers } = this.#run;
    this.#background = this.#agent.resume(session);
    if (token !== null || answers !== null) await takeSentBefore(this.#sent, this.#store.runs, this.#run.runId);
    await watch.look();
    watch.signal.throwIfAborted();
    return this.#background ?? this.#start(session);
  }

  /** Nothing comes between the service's acceptance and the write of the token: a crash there costs a model call. */
  async #start(session: AgentSession): Promise<BackgroundRun> {
    const input = await inputOf(this.#run, session, this.#store.history);
    if (this.#run.answers?.some(({ approved }) => approved) === true) {
      await this.#store.runs.useConsent(this.#claim);
      this.#isApprovalUsed = true;
    }
    const { signal: stop } = this.#job;
    const late = new AbortController();
    const wait = (): void => void setTimeout(() => late.abort(stop.reason), GRACE_MS).unref();
    stop.addEventListener('abort', wait, { once: true });
    try {
      this.#background = await this.#agent.start(input, { session, signal: late.signal });
    } finally {
      stop.removeEventListener('abort', wait);
    }
    const background = this.#background;
    await this.#record(this.#sent.upTo(background.messages), background.toJSON());
    return background;
  }

  #followRun(background: BackgroundRun, signal: AbortSignal): Promise<AgentResponse> {
    const writer = new RunEventWriter(this.#sent, this.#batches, background);
    const { pollMs } = this.#options;
    return background.follow({
      signal,
      pollMs,
      onUpdate: (update) => writer.update(update),
      onPoll: () => writer.moved(),
      news: (timeoutMs) => this.#store.runs.changed(this.#run.runId, { timeoutMs, signal }),
    });
  }

  async #cancelled(): Promise<AgentResponse | null> {
    const { signal } = this.#job;
    await unlessAborted(Promise.resolve(this.#background?.cancel()), signal);
    return this.#background?.wait({ signal, timeoutMs: CANCEL_MS }) ?? null;
  }

  async #withoutAnswer(error: unknown): Promise<number | null> {
    const { signal } = this.#job;
    if (signal.aborted && error === signal.reason) return this.#giveBack();
    if (!(error instanceof AgentError)) throw error;
    const { code, serviceCode } = error;
    const attempts = this.#attempts;
    if (!this.#isApprovalUsed && isTransient(error) && attempts < this.#maxAttempts) {
      await this.#batches.settled();
      // A cancel since the last look would be read only by the next attempt.
      const look = await this.#store.runs.look(this.#run.runId, this.#run);
      const waitMs = look?.isCancelRequested === true ? 0 : backoffMs(attempts - 1, PAUSES, error.retryAfterMs);
      this.#note('warn', { code, serviceCode, attempts, waitMs }, 'run will be retried');
      return waitMs;
    }
    const end = errorEvent(error);
    this.#note('warn', { code, serviceCode, attempts }, 'run failed');
    return this.#giveUp(this.#isApprovalUsed ? afterApproval(end) : end);
  }

  /** Fails the run, and cancels what the service may still be working on. */
  async #giveUp(end: ErrorEvent): Promise<null> {
    await this.#stopCosts();
    await this.#finish('failed', [end]);
    return null;
  }

  async #record(events: readonly ServerEvent[], token: BackgroundToken): Promise<void> {
    await this.#store.runs.record(this.#claim, events, token);
    this.#hasMovedOn = true;
    this.#isApprovalUsed = false;
  }

  /** The run waits for approval without a worker: the answer makes a new job. */
  async #park({ approvals: calls }: AgentResponse, events: readonly ServerEvent[]): Promise<null> {
    await this.#batches.settled();
    const turn = this.#history.takeTurn();
    if (turn === null) throw new TypeError(`Run ${this.#run.runId} asks for approval and leaves no turn.`);
    if (this.#run.ask !== null) throw cannotApprove();
    const approvals = { calls, expiresAtMs: Date.now() + this.#options.approvalMs };
    const all = [...events, ...this.#sent.approvals(calls, approvals.expiresAtMs)];
    await this.#store.runs.park(this.#claim, { events: all, turn, approvals });
    this.#note('info', { calls: calls.length }, 'run awaits approval');
    return null;
  }

  async #finish(state: RunEnd['state'], events: readonly ServerEvent[]): Promise<void> {
    await this.#batches.settled();
    await this.#store.runs.finish(this.#claim, { state, events, turn: this.#history.takeTurn() });
    this.#note('info', { state, attempts: this.#attempts }, 'run ended');
  }

  /** The server stops, the run does not: the next process continues from the token. */
  async #giveBack(): Promise<number> {
    const background = this.#background;
    if (background !== null) {
      // Tools that were running lead to another response, whose id is not to be lost. Should the look fail, nothing is.
      await background.poll({ signal: AbortSignal.timeout(GRACE_MS) }).catch(() => {});
      await this.#batches.add(this.#sent.upTo(background.messages), background.toJSON());
    }
    await this.#batches.settled();
    await this.#store.runs.release(this.#claim);
    this.#note('info', {}, 'run given back');
    return 0;
  }

  /** Another worker has the run, or it is gone. */
  async #lost(): Promise<void> {
    const { runId, owner } = this.#run;
    const isGone = (await this.#store.runs.look(runId, { owner })) === null;
    if (isGone) await this.#stopCosts();
    this.#note('info', { isGone }, 'claim lost');
  }

  async #stopCosts(): Promise<void> {
    try {
      const background = this.#background ?? this.#agent.resume();
      if (background !== null) await unlessAborted(background.cancel(), AbortSignal.timeout(STOP_COSTS_MS));
    } catch (error) {
      const code = error instanceof AgentError ? error.code : null;
      this.#note('warn', { code }, 'run could not be cancelled at the service');
    }
  }

  #note(level: 'info' | 'warn', fields: Readonly<Record<string, unknown>>, message: string): void {
    this.#options.log[level]({ runId: this.#run.runId, ...fields }, message);
  }
}
