// A run's answer while it comes, and how it ends: the same with a connection and without one.

import type { StandardSchema } from '../checked/standard-schema.ts';
import { AgentError, keepPartial } from '../errors.ts';
import { answerText, type Message } from '../message/message.ts';
import { type AgentResponse, isCutShort, ResponseFold, type ResponseStatus } from '../message/response.ts';
import { addUsage, type Usage } from '../message/usage.ts';
import type { ChatUpdate } from '../model/update.ts';
import { outputOf } from './output.ts';

/** How a run came out. */
export type Outcome<Value> = { readonly response: AgentResponse<Value> } | { readonly error: unknown };

export interface AnswerPlan<Value> {
  readonly name: string | null;
  readonly output: StandardSchema<Value> | null;
}

/** What the run had written before this process took it up. */
export interface EarlierRounds {
  readonly rounds: readonly Message[];
  readonly usage: Usage | null;
}

export class RunAnswer<Value> {
  readonly #plan: AnswerPlan<Value>;
  readonly #earlier: EarlierRounds | null;
  readonly #fold = new ResponseFold();
  #conversationId: string | null = null;

  constructor(plan: AnswerPlan<Value>, earlier: EarlierRounds | null = null) {
    this.#plan = plan;
    this.#earlier = earlier;
  }

  /** Id under which the service keeps the conversation with this answer; null when it has named none. */
  get conversationId(): string | null {
    return this.#conversationId;
  }

  take(update: ChatUpdate): void {
    sign(update, this.#plan.name);
    if (update.conversationId !== null) this.#conversationId = update.conversationId;
    this.#fold.add(update);
  }

  /** The model has ended its answer; `incomplete` when it did so at its length limit or by its filter. */
  whole(): AgentResponse {
    return this.build(isCutShort(this.#fold.finishReason) ? 'incomplete' : 'completed');
  }

  build(status: ResponseStatus): AgentResponse {
    const here = this.#fold.build(status);
    if (this.#earlier === null) return here;
    const { rounds, usage } = this.#earlier;
    return {
      ...here,
      text: answerText(rounds) + here.text,
      messages: [...rounds, ...here.messages],
      usage: addUsage(usage, here.usage),
    };
  }

  /** The end of a run whose answer is whole: with the value that was asked for, or the error that it has another shape. */
  async checked(response: AgentResponse): Promise<Outcome<Value>> {
    try {
      return { response: { ...response, value: await outputOf(this.#plan.output, response) } };
    } catch (error) {
      return failed(error, response);
    }
  }
}

/** The end of a run that failed. The error carries what was delivered, if anything was. */
export function failed(error: unknown, partial: AgentResponse): { readonly error: unknown } {
  if (error instanceof AgentError && partial.messages.length > 0) keepPartial(error, partial);
  return { error };
}

/** The agent's name in an update. Written into the client's object: a copy of each costs a fifth of all that core does. */
export function sign(update: ChatUpdate, name: string | null): void {
  update.authorName = name;
}
