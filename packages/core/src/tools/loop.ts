// Model, tools, model again, until no call is left: one sequence of updates over several model calls.

import { AgentError } from '../errors.ts';
import { callsOf, type FunctionCallContent, type FunctionResultContent, type Message } from '../message/message.ts';
import { type AgentResponse, isCutShort, isEmptyAnswer, ResponseFold } from '../message/response.ts';
import type { ChatClient } from '../model/chat-client.ts';
import { PullQueue } from '../model/pull-queue.ts';
import { callModel } from '../model/replay.ts';
import type { ChatRequest, ToolChoice } from '../model/request.ts';
import type { ChatUpdate, ChatUpdates } from '../model/update.ts';
import type { AnsweredBatch } from './approval.ts';
import { DistinctCalls } from './distinct-calls.ts';
import { approvalUpdate, toolUpdate, withoutCalls } from './loop-updates.ts';
import { rejectedCall, runToolCalls, type ToolRun } from './run-calls.ts';

export interface ToolLoopPlan extends Omit<ToolRun, 'onProgress'> {
  readonly client: ChatClient;
  /** The first model call; the later ones differ in messages and tool choice. */
  readonly request: ChatRequest;
  /** A batch the caller has just consented to; it runs before the first model call. */
  readonly answered: AnsweredBatch | null;
  /** Model calls with tools on offer before a last one without. */
  readonly maxRounds: number;
  /** Rounds in a row in which a call failed before a last model call without tools. */
  readonly maxErrorRounds: number;
  /** Called when tools start and when they have ended, so that their time does not count as the model's silence. */
  readonly onTools: (running: boolean) => void;
}

type Step = IteratorResult<ChatUpdate, undefined>;

const DONE: Step = { done: true, value: undefined };

export class ToolLoop implements ChatUpdates {
  readonly #plan: ToolLoopPlan;
  #messages: readonly Message[];
  #updates: ChatUpdates | null = null;
  /** The updates of tools that run. */
  #batch: PullQueue<ChatUpdate> | null = null;
  #fold = new ResponseFold();
  #calls = new DistinctCalls([]);
  #conversationId: string | null;
  #rounds = 0;
  #errorRounds = 0;
  #ended = false;
  #lastCalls: readonly FunctionCallContent[] | null = null;

  constructor(plan: ToolLoopPlan) {
    this.#plan = plan;
    this.#messages = plan.request.messages;
    this.#conversationId = plan.request.conversation?.id ?? null;
  }

  /** The calls of the last answer that ended; null before any did. Whatever results they have did not reach the model. */
  get lastCalls(): readonly FunctionCallContent[] | null {
    return this.#lastCalls;
  }

  next(): Promise<Step> {
    if (this.#batch !== null) return this.#nextOfBatch(this.#batch);
    if (this.#ended) return Promise.resolve(DONE);
    if (this.#updates !== null) return this.#updates.next().then(this.#observed);
    const { answered } = this.#plan;
    if (answered !== null) return this.#runBatch(answered.calls, answered.rejected);
    this.#callModel();
    return this.next();
  }

  takeReady(): ChatUpdate | null {
    const update = this.#ended || this.#batch !== null ? null : (this.#updates?.takeReady?.() ?? null);
    return update === null ? null : this.#observe(update);
  }

  async return(): Promise<Step> {
    this.#ended = true;
    this.#batch?.end();
    this.#batch = null;
    await this.#updates?.return?.();
    return DONE;
  }

  readonly #observed = (result: IteratorResult<ChatUpdate, unknown>): Step | Promise<Step> => {
    return result.done === true ? this.#afterCall() : { done: false, value: this.#observe(result.value) };
  };

  #observe(given: ChatUpdate): ChatUpdate {
    const update = this.#calls.take(given);
    this.#fold.add(update);
    if (update.conversationId !== null) this.#conversationId = update.conversationId;
    // The service now has the whole answer, even if the reader leaves before the next pull.
    if (update.finishReason !== null && this.#isAtService)
      this.#lastCalls = this.#fold.build('completed').messages.flatMap(callsOf);
    return this.#forbidsCalls ? withoutCalls(update) : update;
  }

  get #isLastCall(): boolean {
    return this.#rounds > this.#plan.maxRounds || this.#errorRounds >= this.#plan.maxErrorRounds;
  }

  get #isAtService(): boolean {
    return this.#plan.request.conversation !== undefined;
  }

  get #forbidsCalls(): boolean {
    return this.#isLastCall || this.#plan.request.toolChoice === 'none';
  }

  #callModel(): void {
    const { client, request } = this.#plan;
    const { conversation } = request;
    this.#rounds += 1;
    this.#fold = new ResponseFold();
    // A service that keeps the conversation knows its calls by its own ids.
    this.#calls = new DistinctCalls(this.#isAtService ? [] : this.#messages);
    this.#updates = callModel(client, {
      ...request,
      messages: this.#messages,
      ...(request.tools === undefined ? {} : { toolChoice: this.#toolChoice(request.toolChoice ?? 'auto') }),
      ...(conversation === undefined ? {} : { conversation: { id: this.#conversationId } }),
    });
  }

  /** A choice that forces a call holds for the first round only, or the loop could not end. */
  #toolChoice(asked: ToolChoice): ToolChoice {
    if (this.#isLastCall) return 'none';
    return this.#rounds > 1 && asked !== 'none' ? 'auto' : asked;
  }

  async #afterCall(): Promise<Step> {
    const response = this.#fold.build('completed');
    const calls = response.messages.flatMap(callsOf);
    this.#lastCalls = calls;
    if (calls.length === 0 || this.#forbidsCalls || isCutShort(response.finishReason)) {
      return this.#endAnswered(response, calls);
    }
    this.#remember(response.messages);
    const guarded = calls.filter((call) => this.#plan.tools.get(call.name)?.approval === 'always');
    if (guarded.length > 0) {
      this.#ended = true;
      return { done: false, value: approvalUpdate(guarded) };
    }
    return this.#runBatch(calls);
  }

  #endAnswered(response: AgentResponse, unanswered: readonly FunctionCallContent[]): Step {
    if (isEmptyAnswer(response) && (this.#isLastCall || (this.#forbidsCalls && unanswered.length > 0))) {
      throw new AgentError(
        'tool_rounds_exceeded',
        this.#isLastCall
          ? `The model gave no answer within ${this.#rounds} model calls. Raise limits.maxToolRounds, or look at what the tools return.`
          : "The model only called tools, which toolChoice 'none' forbids. Run again, or ask for text in the instructions.",
      );
    }
    this.#ended = true;
    return DONE;
  }

  /**
   * Runs the tools of a batch. Its updates are what they report, then their results. An abort does not wait for them: a
   * tool that ignores its signal would keep middleware around the run from closing.
   */
  #runBatch(calls: readonly FunctionCallContent[], rejected: ReadonlySet<string> = new Set()): Promise<Step> {
    const { signal } = this.#plan;
    if (signal.aborted) return Promise.reject(signal.reason);
    const batch = new PullQueue<ChatUpdate>();
    this.#batch = batch;
    const stop = (): void => batch.fail(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    void this.#runTools(calls, rejected, batch)
      .then(
        () => batch.end(),
        (error: unknown) => batch.fail(error),
      )
      .finally(() => signal.removeEventListener('abort', stop));
    return this.#nextOfBatch(batch);
  }

  async #nextOfBatch(batch: PullQueue<ChatUpdate>): Promise<Step> {
    const step = await batch.next();
    if (step.done !== true) return step;
    this.#batch = null;
    return this.next();
  }

  async #runTools(
    calls: readonly FunctionCallContent[],
    rejected: ReadonlySet<string>,
    batch: PullQueue<ChatUpdate>,
  ): Promise<void> {
    const handed = calls.filter((call) => this.#isHandedOver(call));
    const ours = calls.filter((call) => !this.#isHandedOver(call));
    this.#plan.onTools(true);
    const ran = await runToolCalls(
      ours.filter((call) => !rejected.has(call.callId)),
      {
        ...this.#plan,
        onProgress: (callId, progress) => batch.push(toolUpdate([{ type: 'tool_progress', callId, progress }])),
      },
    );
    // The run may have been left or aborted while the tools ran: then the model is not called again.
    if (this.#ended) return;
    this.#plan.signal.throwIfAborted();
    this.#plan.onTools(false);
    const refused = ours.filter((call) => rejected.has(call.callId)).map(rejectedCall);
    const results = inCallOrder(ours, [...ran, ...refused]);
    if (results.length > 0) {
      this.#remember([{ role: 'tool', contents: results }]);
      batch.push(toolUpdate(results));
    }
    if (handed.length > 0) {
      this.#ended = true;
      return;
    }
    this.#errorRounds = ran.some((result) => result.error !== undefined) ? this.#errorRounds + 1 : 0;
    this.#callModel();
  }

  /** A declared tool without `execute`: its calls are the caller's to answer. */
  #isHandedOver(call: FunctionCallContent): boolean {
    const tool = this.#plan.tools.get(call.name);
    return tool !== undefined && tool.execute === undefined;
  }

  /** A service that keeps the conversation has its own messages; it only lacks the results. */
  #remember(messages: readonly Message[]): void {
    // Before the first model call the service has none of the run's messages.
    if (!this.#isAtService || this.#rounds === 0) this.#messages = [...this.#messages, ...messages];
    else this.#messages = messages.filter((message) => message.role === 'tool');
  }
}

function inCallOrder(
  calls: readonly FunctionCallContent[],
  results: readonly FunctionResultContent[],
): readonly FunctionResultContent[] {
  return calls.flatMap((call) => results.filter((result) => result.callId === call.callId));
}
