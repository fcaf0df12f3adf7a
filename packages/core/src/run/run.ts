// The engine: one execution of an agent, pulled update by update, with exactly one way to end.

import { AgentError } from '../errors.ts';
import { callsOf, type FunctionCallContent } from '../message/message.ts';
import type { AgentResponse } from '../message/response.ts';
import type { AgentResponseUpdate } from '../message/update.ts';
import { PullQueue } from '../model/pull-queue.ts';
import { callModel } from '../model/replay.ts';
import type { ChatUpdate, ChatUpdates } from '../model/update.ts';
import { isApprovalAnswer } from '../tools/approval.ts';
import { type ToolLoop } from '../tools/loop.ts';
import { failed, type Outcome, RunAnswer } from './answer.ts';
import { LimitGuard } from './limit-guard.ts';
import { openToolLoop } from './open-tool-loop.ts';
import { type RunPlan, toRequest } from './plan.ts';
import { type OpenRun, throughMiddleware } from './through-middleware.ts';
import { Turn } from './turn.ts';

export type Pull = IteratorResult<AgentResponseUpdate, undefined>;

/** Why a run ended before its answer did. */
type Interruption = { readonly error: unknown } | { readonly cancelledFor: unknown };

export class Run<Value = never> {
  readonly #plan: RunPlan<Value>;
  readonly #turn: Turn;
  readonly #guard: LimitGuard;
  readonly #answer: RunAnswer<Value>;
  readonly #closing = new AbortController();
  readonly #final = Promise.withResolvers<AgentResponse<Value>>();
  #phase: 'unstarted' | 'open' | 'ending' | 'ended' = 'unstarted';
  #updates: ChatUpdates | null = null;
  /** Whether the model was going to be called. */
  #isAsked = false;
  #areToolsRunning = false;
  #tools: ToolLoop | null = null;
  /** Of an attempt before the current one, when middleware tries again. */
  #earlierCalls: readonly FunctionCallContent[] | null = null;
  /** Its promises are made here and not chained on the client's, so that an ending can settle them while the model is silent. */
  readonly #pulls = new PullQueue<AgentResponseUpdate>({
    takeReady: () => this.#takeReady(),
    wanted: () => this.#wanted(),
  });

  constructor(plan: RunPlan<Value>) {
    this.#plan = plan;
    this.#answer = new RunAnswer(plan);
    this.#turn = new Turn(plan.session, plan.history, plan.question);
    // A whole answer comes in one piece: its first update is its last, and not a sign that the model is alive.
    const limits = plan.stream ? plan.limits : { ...plan.limits, firstUpdateMs: undefined };
    this.#guard = new LimitGuard(limits, (error) => this.#interrupt({ error }));
    // The error also reaches the reader, who need not await the final response as well.
    this.#final.promise.catch(() => {});
  }

  /** The whole answer once the run has ended; rejects with what the pull rejected with. */
  get final(): Promise<AgentResponse<Value>> {
    return this.#final.promise;
  }

  next(): Promise<Pull> {
    return this.#pulls.next();
  }

  /** The next update if it has arrived, without a promise. Null does not mean the end: the next pull tells. */
  takeReady(): AgentResponseUpdate | null {
    return this.#pulls.takeReady();
  }

  /** Ends the run as cancelled, unless it has ended. Resolves when the ending is complete. */
  async cancel(reason?: unknown): Promise<void> {
    this.#interrupt({ cancelledFor: reason });
    await this.#final.promise.then(
      () => {},
      () => {},
    );
  }

  #wanted(): void {
    if (!this.#areToolsRunning) this.#guard.resume();
    if (this.#updates !== null) this.#advance(this.#updates);
    else void this.#begin();
  }

  /** An update that the client holds already. Null also when it broke a limit: the run is then on its way to its end. */
  #takeReady(): ChatUpdate | null {
    if (this.#phase !== 'open') return null;
    try {
      const update = this.#updates?.takeReady?.() ?? null;
      return update !== null && this.#admits(update) ? update : null;
    } catch (error) {
      this.#interrupt({ error });
      return null;
    }
  }

  async #begin(): Promise<void> {
    const { signal } = this.#plan;
    this.#phase = 'open';
    if (signal?.aborted === true) return this.#interrupt({ error: signal.reason });
    signal?.addEventListener('abort', this.#aborted);
    this.#guard.start();
    try {
      const start = await this.#turn.begin();
      if (this.#phase !== 'open') return;
      this.#updates = throughMiddleware(this.#plan, start, this.#closing.signal, this.#open);
      this.#advance(this.#updates);
    } catch (error) {
      this.#interrupt({ error });
    }
  }

  /** The model's updates: of one call, or of as many as tools and consent need. */
  readonly #open: OpenRun<Value> = (plan, start, reach) => {
    const { tools, question } = plan;
    const { signal } = this.#closing;
    const client = reach.client(plan.client);
    this.#isAsked = true;
    this.#earlierCalls = this.#tools?.lastCalls ?? this.#earlierCalls;
    this.#tools = null;
    if (question !== this.#plan.question) this.#turn.ask(question);
    if (tools.size === 0 && plan.toolChoice !== 'none' && !question.some(isApprovalAnswer)) {
      return callModel(client, toRequest(plan, start, signal));
    }
    this.#tools = openToolLoop(plan, start, client, reach, signal, (running) => this.#toolsRun(running));
    return this.#tools;
  };

  /** The model is not waited for meanwhile. */
  #toolsRun(areRunning: boolean): void {
    this.#areToolsRunning = areRunning;
    if (areRunning) this.#guard.pause();
    else this.#guard.resume();
  }

  #advance(updates: ChatUpdates): void {
    try {
      updates.next().then(this.#received, this.#failed);
    } catch (error) {
      this.#interrupt({ error });
    }
  }

  readonly #received = (result: IteratorResult<ChatUpdate, unknown>): void => {
    if (this.#phase !== 'open') return;
    try {
      if (result.done === true) void this.#complete();
      else if (this.#admits(result.value)) this.#pulls.push(result.value);
    } catch (error) {
      this.#interrupt({ error });
    }
  };

  #admits(update: ChatUpdate): boolean {
    if (!this.#guard.admits(update)) return false;
    this.#answer.take(update);
    return true;
  }

  readonly #failed = (error: unknown): void => this.#interrupt({ error });

  readonly #aborted = (): void => this.#interrupt({ error: this.#plan.signal?.reason });

  /** The wire proved the answer finished: remember it, then say so. */
  async #complete(): Promise<void> {
    this.#phase = 'ending';
    this.#stopWatching();
    const response = this.#answer.whole();
    try {
      // Answered by middleware alone, there was no turn.
      if (this.#isAsked)
        await this.#turn.commit(response, this.#answer.conversationId, this.#lastCalls(response) ?? []);
      this.#finish(await this.#answer.checked(response));
    } catch (error) {
      this.#finish(failed(error, response));
    }
  }

  /** Any other end: close the model connection now, then leave what the policy says. */
  #interrupt(cause: Interruption): void {
    if (this.#phase === 'ending' || this.#phase === 'ended') return;
    this.#phase = 'ending';
    this.#stopWatching();
    this.#closing.abort('error' in cause ? cause.error : cause.cancelledFor);
    void this.#leave();
    void this.#endEarly(cause);
  }

  /** Closes the model's iterator. The run ends even if that throws or never settles. */
  async #leave(): Promise<void> {
    try {
      await this.#updates?.return?.();
    } catch {
      // The run already has the reason for its end.
    }
  }

  async #endEarly(cause: Interruption): Promise<void> {
    const isFailure = 'error' in cause && cause.error !== this.#plan.signal?.reason;
    const partial = this.#answer.build(isFailure ? 'failed' : 'cancelled');
    const calls = this.#lastCalls(partial) ?? this.#earlierCalls;
    if (calls !== null) this.#turn.noteOwed(partial, this.#answer.conversationId, calls);
    try {
      // Nothing was asked, so there is nothing to keep, and the version of the history may not be known.
      if (this.#isAsked && this.#plan.onIncomplete === 'keep') await this.#turn.keep(partial);
    } catch (error) {
      // The caller asked to keep the partial turn and it was not kept: that is the news; what came before is its cause.
      if (error instanceof AgentError && 'error' in cause) error.cause ??= cause.error;
      this.#finish(failed(error, partial));
      return;
    }
    this.#finish('error' in cause ? failed(cause.error, partial) : { response: partial });
  }

  /** The calls of the last answer that ended; null if none did. */
  #lastCalls({ messages, finishReason, status }: AgentResponse): readonly FunctionCallContent[] | null {
    if (this.#tools !== null) return this.#tools.lastCalls;
    return finishReason === null && status !== 'completed' ? null : messages.flatMap(callsOf);
  }

  #finish(outcome: Outcome<Value>): void {
    this.#phase = 'ended';
    this.#turn.release();
    if ('response' in outcome) {
      this.#final.resolve(outcome.response);
      this.#pulls.end();
      return;
    }
    this.#final.reject(outcome.error);
    this.#pulls.fail(outcome.error);
  }

  #stopWatching(): void {
    this.#guard.stop();
    this.#plan.signal?.removeEventListener('abort', this.#aborted);
  }
}
