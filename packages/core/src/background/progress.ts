// How far a background run is: looks at the service, runs its tools, and remembers the turn when it has ended.

import { AgentError } from '../errors.ts';
import type { FunctionCallContent, Message } from '../message/message.ts';
import type { AgentResponse } from '../message/response.ts';
import type { BackgroundClient, BackgroundSnapshot, BackgroundStatus } from '../model/background-client.ts';
import type { ChatUpdate, ChatUpdates } from '../model/update.ts';
import { failed, type Outcome, RunAnswer } from '../run/answer.ts';
import { openToolLoop } from '../run/open-tool-loop.ts';
import type { RunPlan } from '../run/plan.ts';
import { lastCallsOf, noteOwed, owedOf } from '../run/service-session.ts';
import { throughMiddleware } from '../run/through-middleware.ts';
import { rememberedAnswer, storedPart, Turn, type TurnStart } from '../run/turn.ts';
import { unlessAborted } from '../timers.ts';
import { type ToolLoop } from '../tools/loop.ts';
import { cancelledAfter, EndedWithoutAnswer, outcomeOf, PolledModelCalls, type PullOutcome } from './calls.ts';
import { type BackgroundToken, tokenAt } from './token.ts';
import { ResponseTrail } from './trail.ts';
import { restarted, storeTurnOnce } from './turn.ts';

export interface BackgroundPlan<Value> extends RunPlan<Value> {
  readonly background: BackgroundClient;
}

export class BackgroundProgress<Value> {
  readonly trail: ResponseTrail = new ResponseTrail();
  readonly #plan: BackgroundPlan<Value>;
  readonly #closing = new AbortController();
  readonly #answer: RunAnswer<Value>;
  #token: BackgroundToken | null;
  #starting: Turn | null = null;
  /** `ahead` of the history when the run began. */
  #ahead = 0;
  #question: readonly Message[];
  #updates: ChatUpdates | null = null;
  /** Waits over several looks. */
  #pull: Promise<PullOutcome> | null = null;
  /** Null until the first model call. */
  #loop: ToolLoop | null = null;
  /** What is left to do once there are no more updates. What of it fails is done again by the next look. */
  #ending: (() => Promise<void>) | null = null;
  #calls: PolledModelCalls | null = null;
  #ignoresToolCalls = false;
  #areToolsRunning = false;
  #status: BackgroundStatus = 'queued';
  #retryAfterMs: number | null = null;
  #outcome: Outcome<Value> | null = null;
  #lastPoll: Promise<unknown> = Promise.resolve();
  #partial: AgentResponse | null = null;

  constructor(plan: BackgroundPlan<Value>, token: BackgroundToken | null) {
    this.#plan = plan;
    this.#answer = new RunAnswer(plan, token);
    this.#token = token;
    if (token !== null) this.trail.begin(token.responseId);
    this.#ahead = token?.ahead ?? 0;
    this.#question = token?.question ?? plan.question;
  }

  /** Starts the run at the service. The session is taken until the service has it. */
  async start(): Promise<void> {
    const { session, history, question, signal } = this.#plan;
    const turn = new Turn(session, history, question);
    this.#starting = turn;
    const stop = (): void => this.#closing.abort(signal?.reason);
    signal?.throwIfAborted();
    signal?.addEventListener('abort', stop);
    try {
      const begun = await unlessAborted(turn.begin(), signal ?? undefined);
      this.#ahead = begun.ahead;
      this.#updates = this.#open(begun);
      while (this.#token === null && this.#outcome === null) await this.look();
    } catch (error) {
      signal?.throwIfAborted();
      // The service has the run: a later look meets what failed again, and without the token the run would be lost.
      if (this.#token === null) throw error;
    } finally {
      signal?.removeEventListener('abort', stop);
      turn.release();
    }
  }

  get status(): BackgroundStatus {
    return this.#status;
  }

  get retryAfterMs(): number | null {
    return this.#retryAfterMs;
  }

  /** Null while the run goes on. */
  get outcome(): Outcome<Value> | null {
    return this.#outcome;
  }

  get token(): BackgroundToken {
    if (this.#token === null) throw new AgentError('input_invalid', 'The run has not been started.');
    return this.#token;
  }

  /** Everything up to this event of the response has been delivered. A run that has gone on to the next one has its own count. */
  delivered(responseId: string, sequenceNumber: number): void {
    if (this.token.responseId === responseId) this.#token = { ...this.token, sequenceNumber };
  }

  /** One look at the service, after those under way. Rejects when the look itself failed. */
  look(): Promise<void> {
    const look = this.#lastPoll.then(() => this.#poll());
    this.#lastPoll = look.catch(() => {});
    return look;
  }

  async #poll(): Promise<void> {
    while (this.#outcome === null) {
      if (this.#ending !== null) await this.#ending();
      else if (!(await this.#advance())) break;
    }
  }

  /** Takes the next update. False when the service is still working on it; the pull then waits for the next look. */
  async #advance(): Promise<boolean> {
    this.#updates ??= this.#open(await restarted(this.#plan, this.token));
    const looked = this.#calls?.look();
    this.#pull ??= outcomeOf(this.#updates.next());
    const found = await Promise.race([this.#pull, looked]);
    if (found == null) return false;
    if ('lookError' in found) throw found.lookError;
    this.#pull = null;
    if ('failure' in found) this.#ending = () => this.#endAfter(found.failure);
    else if (found.pulled.done === true) this.#ending = () => this.#complete();
    else this.#take(found.pulled.value);
    return true;
  }

  async #endAfter(error: unknown): Promise<void> {
    if (error instanceof EndedWithoutAnswer) {
      this.#status = error.snapshot.status;
      return this.#endWithout(error.toError(), error.snapshot.updates);
    }
    if (!(error instanceof AgentError) || error.code !== 'tool_rounds_exceeded') throw error;
    return this.#endWithout(error);
  }

  #take(update: ChatUpdate): void {
    this.#answer.take(update);
    if (update.role !== 'tool') return;
    this.trail.add(update);
    // Until the next response has them: a caller may give up a run whose next response cannot be started.
    this.#noteOwed();
  }

  /** From here on the run only ends: tools that a response asks for do not run, and running ones are aborted. */
  stopTools(): void {
    this.#ignoresToolCalls = true;
    if (this.#calls !== null) this.#calls.ignoresToolCalls = true;
    if (this.#areToolsRunning) this.#closing.abort(cancelledAfter(this.token.responseId));
  }

  readonly #toolsRun = (areRunning: boolean): void => void (this.#areToolsRunning = areRunning);

  #open(start: TurnStart): ChatUpdates {
    const { background } = this.#plan;
    const { signal } = this.#closing;
    const calls = new PolledModelCalls(background, this.#token?.responseId ?? null, (seen) => this.#note(seen));
    calls.ignoresToolCalls = this.#ignoresToolCalls;
    calls.passesRefusals = this.#plan.middleware.length > 0;
    this.#calls = calls;
    return throughMiddleware({ ...this.#plan, question: this.#question }, start, signal, (plan, begun, reach) => {
      this.#question = storedPart(plan.question);
      this.#loop = openToolLoop(plan, begun, reach.client(calls), reach, signal, this.#toolsRun);
      return this.#loop;
    });
  }

  #note(snapshot: BackgroundSnapshot): void {
    this.#status = snapshot.status;
    this.#retryAfterMs = snapshot.retryAfterMs;
    // A response that has ended at once is remembered by the same look, which needs the session.
    this.#starting?.release();
    if (snapshot.id !== this.#token?.responseId) this.#token = this.#tokenAt(snapshot.id);
  }

  #tokenAt(responseId: string): BackgroundToken {
    const written = this.#answer.build('completed');
    this.trail.begin(responseId);
    return tokenAt(responseId, this.#token, this.#plan, { question: this.#question, written, ahead: this.#ahead });
  }

  /** The answer is whole. A turn that cannot be stored now is stored by a later look. */
  async #complete(): Promise<void> {
    const response = this.#answer.whole();
    if (this.#token === null) {
      // Ended without a model call, by middleware or with the results of tools alone: no response at the service has this id,
      // and none is looked for.
      this.#token = this.#tokenAt(`local_${crypto.randomUUID()}`);
      this.#starting?.release();
      this.#status = 'completed';
    }
    await this.#remember(response, this.#loop?.lastCalls ?? []).catch((error: unknown) =>
      Promise.reject(failed(error, response).error),
    );
    this.#outcome = await this.#answer.checked(response);
  }

  /** Cancelled, failed, expired or out of rounds: what there is of the answer is kept only if the caller asked for that. */
  async #endWithout(error: AgentError | null, updates: readonly ChatUpdate[] = []): Promise<void> {
    // A partial turn that could not be stored is met again by a later look, and is not to be added twice.
    if (this.#partial === null) for (const update of updates) this.#answer.take(update);
    this.#partial ??= this.#answer.build(error === null ? 'cancelled' : 'failed');
    this.#noteOwed();
    const partial = this.#partial;
    if (this.#plan.onIncomplete === 'keep') await this.#remember(partial, []);
    this.#outcome = error === null ? { response: partial } : failed(error, partial);
  }

  /**
   * The service has the calls of the last whole response, and may not have their results. Before any response was whole,
   * the session owes what it owed when the run began.
   */
  #noteOwed(): void {
    const { session, history } = this.#plan;
    if (session === null || history !== 'service') return;
    const earlier = lastCallsOf(this.#token?.rounds ?? []);
    const calls = this.#loop?.lastCalls ?? (earlier.length > 0 ? earlier : null);
    if (calls === null) return;
    noteOwed(session, this.#answer.conversationId, owedOf(calls, this.#answer.build('completed').messages));
  }

  async #remember(response: AgentResponse, calls: readonly FunctionCallContent[]): Promise<void> {
    const { session, history } = this.#plan;
    // Answered by middleware alone, there was no turn.
    if (session === null || this.#loop === null) return;
    await storeTurnOnce(session, history, {
      runId: this.token.runId,
      ahead: this.#ahead,
      messages: [...this.token.question, ...rememberedAnswer(response)],
      from: this.token.serviceSessionId,
      to: this.#answer.conversationId,
      owed: owedOf(calls, response.messages),
    });
  }
}
