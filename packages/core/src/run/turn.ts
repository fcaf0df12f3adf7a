// One turn of a conversation: what is read before the model call, and what is remembered after it, once.

import { AgentError } from '../errors.ts';
import { appendTurn, type OpenHistory, readHistory, refuseOtherHistory } from '../history/source.ts';
import type { FunctionCallContent, Message } from '../message/message.ts';
import { type AgentResponse, messageStatus } from '../message/response.ts';
import { leaseSession } from '../session/lease.ts';
import type { AgentSession } from '../session/session.ts';
import { isApprovalAnswer, pendingCalls, refuseRepeatedResults, refuseStrayResults } from '../tools/approval.ts';
import { advanceServiceSession, loadOwed, noteOwed, owedOf } from './service-session.ts';

/** What a run starts from. */
export interface TurnStart {
  /** The turns before this one, as they are sent. */
  readonly history: readonly Message[];
  /** The messages to send: the history, then the question. */
  readonly messages: readonly Message[];
  /** What the run did before it was resumed here. */
  readonly rounds?: readonly Message[];
  /** Calls of the conversation that have no result yet. */
  readonly pending: readonly FunctionCallContent[];
  /** How far the version of the history is ahead of its number of turns: a rewind increases it. */
  readonly ahead: number;
}

export class Turn {
  readonly #session: AgentSession | null;
  readonly #history: OpenHistory;
  #question: readonly Message[];
  #before: readonly Message[] = [];
  #release: (() => void) | null = null;
  #version = 0;

  constructor(session: AgentSession | null, history: OpenHistory, question: readonly Message[]) {
    this.#session = session;
    this.#history = history;
    this.#question = storedPart(question);
  }

  /** Stores this question instead of the one that was asked. */
  ask(question: readonly Message[]): void {
    this.#question = storedPart(question);
  }

  /** Takes the session. Rejects with `session_busy`, `history_mismatch` or `input_invalid` before anything is sent. */
  async begin(): Promise<TurnStart> {
    refuseRepeatedResults(this.#question);
    const session = this.#session;
    if (session === null)
      return { history: [], messages: this.#question, pending: pendingCalls(this.#question), ahead: 0 };
    this.#release = leaseSession(session);
    refuseOtherHistory(session, this.#history);
    if (this.#history === 'service') {
      const { calls, results } = loadOwed(session);
      return { history: results, messages: [...results, ...this.#question], pending: calls, ahead: 0 };
    }
    const { messages, version, ahead } = await readHistory(this.#history, session);
    this.#version = version;
    this.#before = messages;
    refuseStrayResults(this.#question, messages);
    const all = [...messages, ...this.#question];
    return { history: messages, messages: all, pending: pendingCalls(all), ahead };
  }

  /** Remembers a finished answer: as one turn on our side, or as the conversation's new id on the service's. */
  async commit(
    response: AgentResponse,
    conversationId: string | null,
    calls: readonly FunctionCallContent[],
  ): Promise<void> {
    if (this.#session === null) return;
    if (this.#history !== 'service') return this.keep(response);
    const from = this.#session.serviceSessionId;
    advanceServiceSession(this.#session, { from, to: conversationId, owed: owedOf(calls, response.messages) });
  }

  /** A failed run has also extended a conversation that keeps its id, so the next turn owes results for its calls. */
  noteOwed(partial: AgentResponse, conversationId: string | null, calls: readonly FunctionCallContent[]): void {
    if (this.#session === null || this.#history !== 'service') return;
    noteOwed(this.#session, conversationId, owedOf(calls, partial.messages));
  }

  /** Stores the question and what was answered, whole or marked as interrupted. */
  async keep(response: AgentResponse): Promise<void> {
    if (this.#session === null || this.#history === 'service') return;
    // A call that still waits, for example for a second approval, must be followed by its result and not by a mark.
    const isWaiting =
      response.status !== 'completed' &&
      pendingCalls([...this.#before, ...this.#question, ...response.messages]).length > 0;
    const answer = isWaiting ? response.messages.map(remembered) : rememberedAnswer(response);
    // `concat` makes a list of exactly this length; spread reserves room for 16 more in every stored turn.
    const turn = this.#question.concat(answer);
    if (turn.length === 0) return;
    try {
      await appendTurn(this.#history, this.#session, turn, this.#version);
    } catch (error) {
      throw error instanceof AgentError ? error : notStored(error);
    }
  }

  /** Lets the next run have the session. */
  release(): void {
    this.#release?.();
    this.#release = null;
  }
}

/** Wraps an error that is not an `AgentError`, because only an `AgentError` carries the answer. */
function notStored(cause: unknown): AgentError {
  const message =
    'The history provider could not store the turn. Its error is the `cause`, and the answer is in `partial`.';
  return new AgentError('server_error', message, { cause, retryable: false });
}

/** Answers to approval requests are not stored. */
export function storedPart(question: readonly Message[]): readonly Message[] {
  return question.filter((message) => !isApprovalAnswer(message));
}

/**
 * What is stored of an answer. If it ended early with no message to mark (before its first word, or after tool results), a
 * message without text carries the mark. Without it, the answer would look complete.
 */
export function rememberedAnswer({ messages, status }: AgentResponse): readonly Message[] {
  const stored = messages.map(remembered);
  const mark = messageStatus(status);
  if (mark === null || stored.at(-1)?.status !== undefined) return stored;
  return [...stored, { role: 'assistant', contents: '', status: mark }];
}

/** What is stored of a message: not the service's id, because what has that id is not stored at the service. */
export function remembered(message: Message): Message {
  if (message.messageId === undefined) return message;
  const { role, contents, authorName, phase, status } = message;
  const said = authorName === undefined ? { role, contents } : { role, contents, authorName };
  if (phase === undefined && status === undefined) return said;
  return { ...said, ...(phase === undefined ? {} : { phase }), ...(status === undefined ? {} : { status }) };
}
