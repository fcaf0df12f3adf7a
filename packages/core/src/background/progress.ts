// How far a background run is: looks at the service, runs its tools, and remembers the turn when it has ended.

import { AgentError } from '../errors.ts';
import { readHistory } from '../history/source.ts';
import type { AgentResponse } from '../message/response.ts';
import type { AgentResponseUpdate } from '../message/update.ts';
import type { BackgroundClient, BackgroundSnapshot, BackgroundStatus } from '../model/background-client.ts';
import type { ChatUpdate } from '../model/chat-client.ts';
import { failed, type Outcome, RunAnswer } from '../run/answer.ts';
import { openToolLoop } from '../run/open-tool-loop.ts';
import type { RunPlan } from '../run/plan.ts';
import { Turn, type TurnStart } from '../run/turn.ts';
import { unlessAborted } from '../timers.ts';
import { isApprovalAnswer } from '../tools/approval.ts';
import { type ToolLoop } from '../tools/loop.ts';
import { EndedWithoutAnswer, isWorking, PolledModelCalls } from './calls.ts';
import type { BackgroundToken } from './token.ts';
import { refuseRewound, storeTurnOnce } from './turn.ts';

export interface BackgroundPlan<Value> extends RunPlan<Value> {
  readonly background: BackgroundClient;
}

export class BackgroundProgress<Value> {
  readonly #plan: BackgroundPlan<Value>;
  readonly #closing = new AbortController();
  readonly #answer: RunAnswer<Value>;
  #token: BackgroundToken | null;
  #starting: Turn | null = null;
  /** `ahead` of the history when the run began. */
  #ahead = 0;
  #loop: ToolLoop | null = null;
  #calls: PolledModelCalls | null = null;
  #ignoresToolCalls = false;
  #status: BackgroundStatus = 'queued';
  #retryAfterMs: number | null = null;
  #outcome: Outcome<Value> | null = null;
  #lastPoll: Promise<unknown> = Promise.resolve();
  #toolUpdates: { readonly responseId: string | undefined; readonly update: AgentResponseUpdate }[] = [];
  #partial: AgentResponse | null = null;

  constructor(plan: BackgroundPlan<Value>, token: BackgroundToken | null) {
    this.#plan = plan;
    this.#answer = new RunAnswer(plan, token);
    this.#token = token;
    this.#ahead = token?.ahead ?? 0;
  }

  /** Starts the run at the service. The session is taken until the service has it. */
  async start(): Promise<void> {
    const { session, history, question, signal } = this.#plan;
    const turn = new Turn(session, history, question);
    this.#starting = turn;
    const stop = (): void => this.#closing.abort(signal?.reason);
    signal?.throwIfAborted();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const begun = await unlessAborted(turn.begin(), signal ?? undefined);
      this.#ahead = begun.ahead;
      this.#loop = this.#open(begun);
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

  /** What the tools that this response asked for did, unless it was taken already. */
  takeToolUpdates(responseId: string): readonly AgentResponseUpdate[] {
    const { yes = [], no = [] } = Object.groupBy(this.#toolUpdates, (each) =>
      each.responseId === responseId ? 'yes' : 'no',
    );
    this.#toolUpdates = no;
    return yes.map(({ update }) => update);
  }

  /** One look at the service, after those under way. Rejects when the look itself failed. */
  look(): Promise<void> {
    const look = this.#lastPoll.then(() => this.#poll());
    this.#lastPoll = look.catch(() => {});
    return look;
  }

  async #poll(): Promise<void> {
    while (this.#outcome === null) {
      this.#loop ??= this.#open(await this.#restart());
      try {
        const pull = await this.#loop.next();
        if (pull.done === true) await this.#complete(this.#loop);
        else if (isWorking(pull.value)) break;
        else this.#take(pull.value);
      } catch (error) {
        if (error instanceof EndedWithoutAnswer) await this.#endWithout(error);
        else if (error instanceof AgentError && error.code === 'tool_rounds_exceeded') this.#outcome = { error };
        else throw error;
      }
    }
  }

  #take(update: ChatUpdate): void {
    this.#answer.take(update);
    if (update.role === 'tool') this.#toolUpdates.push({ responseId: this.#token?.responseId, update });
  }

  /** From here on the run is to end: tools that a response asks for are not run. */
  ignoreToolCalls(): void {
    this.#ignoresToolCalls = true;
    if (this.#calls !== null) this.#calls.ignoresToolCalls = true;
  }

  #open(start: TurnStart): ToolLoop {
    const { background } = this.#plan;
    const calls = new PolledModelCalls(background, this.#token?.responseId ?? null, (snapshot) =>
      this.#noteSnapshot(snapshot),
    );
    calls.ignoresToolCalls = this.#ignoresToolCalls;
    this.#calls = calls;
    return openToolLoop(this.#plan, start, calls, this.#closing.signal, () => {});
  }

  /** What a run begins with that was started elsewhere. */
  async #restart(): Promise<TurnStart> {
    const { session, history } = this.#plan;
    const own = [...this.token.question, ...this.token.rounds];
    if (session === null || history === 'service') return { messages: own, pending: [], ahead: 0 };
    const { messages, ahead } = await readHistory(history, session);
    // Refused before any tool runs or the model is called again on a conversation that has since changed.
    if (ahead !== this.#ahead) await refuseRewound(session, history, this.token.runId);
    return { messages: [...messages, ...own], pending: [], ahead };
  }

  #noteSnapshot(snapshot: BackgroundSnapshot): void {
    this.#status = snapshot.status;
    this.#retryAfterMs = snapshot.retryAfterMs;
    // A response that has ended at once is remembered by the same look, which needs the session.
    this.#starting?.release();
    if (snapshot.id === this.#token?.responseId) return;
    const { question, session } = this.#plan;
    const written = this.#answer.build('completed');
    this.#token = {
      type: 'background_run',
      version: 1,
      runId: this.#token?.runId ?? snapshot.id,
      responseId: snapshot.id,
      sequenceNumber: null,
      question: this.#token?.question ?? question.filter((message) => !isApprovalAnswer(message)),
      rounds: written.messages,
      usage: written.usage,
      stream: this.#plan.stream,
      sessionId: session?.sessionId ?? null,
      serviceSessionId: this.#token?.serviceSessionId ?? session?.serviceSessionId ?? null,
      ...(this.#ahead === 0 ? {} : { ahead: this.#ahead }),
    };
  }

  /** The answer is whole. A turn that cannot be stored now is stored by a later look. */
  async #complete(loop: ToolLoop): Promise<void> {
    const response = this.#answer.whole();
    await this.#remember(response, loop).catch((error: unknown) => Promise.reject(failed(error, response).error));
    this.#outcome = await this.#answer.checked(response);
  }

  /** Cancelled, failed or expired: what there is of the answer is kept only if the caller asked for that. */
  async #endWithout(end: EndedWithoutAnswer): Promise<void> {
    const { snapshot } = end;
    const error = end.toError();
    this.#status = snapshot.status;
    // A partial turn that could not be stored is met again by a later look, and is not to be added twice.
    if (this.#partial === null) for (const update of snapshot.updates) this.#answer.take(update);
    this.#partial ??= this.#answer.build(error === null ? 'cancelled' : 'failed');
    const partial = this.#partial;
    if (this.#plan.onIncomplete === 'keep') await this.#remember(partial, null);
    this.#outcome = error === null ? { response: partial } : failed(error, partial);
  }

  async #remember(response: AgentResponse, loop: ToolLoop | null): Promise<void> {
    const { session, history } = this.#plan;
    if (session === null) return;
    await storeTurnOnce(session, history, {
      runId: this.token.runId,
      ahead: this.#ahead,
      messages: [...this.token.question, ...response.messages],
      from: this.token.serviceSessionId,
      to: this.#answer.conversationId,
      waiting: loop?.waiting ?? [],
    });
  }
}
