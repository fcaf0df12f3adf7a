// A session whose conversation the service keeps: its id there, and the results that the service still needs.
import { parseTurn } from '../checked/stored-message.ts';
import { AgentError } from '../errors.ts';
import {
  type Content,
  callsOf,
  callsWithoutResults,
  type FunctionCallContent,
  type Message,
  resultsOf,
} from '../message/message.ts';
import type { AgentSession } from '../session/session.ts';

/** One turn of a conversation that the service keeps. */
export interface ServiceStep {
  /** The conversation that the run continued, and the one its answer leads to; null when unknown. */
  readonly from: string | null;
  readonly to: string | null;
  /** From `owedOf`. */
  readonly owed: readonly Content[];
}

/** The calls at the service that the next request of a session has to answer. */
export interface Owed {
  /** Calls without a result. */
  readonly calls: readonly FunctionCallContent[];
  /** Results that were not sent yet. */
  readonly results: readonly Message[];
}

/** The session keeps these calls itself, because the service does not return the conversation. */
const PENDING_KEY = 'pendingCalls';

/** The calls, each followed by its result if the run has one: that result did not reach the service. */
export function owedOf(calls: readonly FunctionCallContent[], messages: readonly Message[]): readonly Content[] {
  const results = messages.flatMap(resultsOf);
  return calls.flatMap((call) => {
    const result = results.findLast(({ callId }) => callId === call.callId);
    return result === undefined ? [call] : [call, result];
  });
}

/** The calls of the last answer, whether their results follow or not. */
export function lastCallsOf(messages: readonly Message[]): readonly FunctionCallContent[] {
  const last = messages.findLastIndex(({ role }) => role !== 'tool');
  const before = messages.slice(0, last + 1).findLastIndex(({ role }) => role === 'tool');
  return messages.slice(before + 1).flatMap(callsOf);
}

/**
 * For a run without a whole answer. A conversation that keeps its id has grown all the same, so the next turn owes this;
 * any other one continues from before the run.
 */
export function noteOwed(session: AgentSession, conversationId: string | null, owed: readonly Content[]): void {
  if (conversationId !== null && conversationId === session.serviceSessionId) saveOwed(session, owed);
}

function saveOwed(session: AgentSession, owed: readonly Content[]): void {
  if (owed.length > 0) session.state[PENDING_KEY] = owed;
  else delete session.state[PENDING_KEY];
}

export function loadOwed(session: AgentSession): Owed {
  if (!Object.hasOwn(session.state, PENDING_KEY)) return { calls: [], results: [] };
  const stored = parseTurn([{ role: 'assistant', contents: session.state[PENDING_KEY] }], `state.${PENDING_KEY}`);
  const contents = stored.flatMap(resultsOf);
  return {
    calls: callsWithoutResults(stored.flatMap(callsOf), stored),
    results: contents.length === 0 ? [] : [{ role: 'tool', contents }],
  };
}

/** Moves a session at the service on to the answer's conversation, unless it has moved there already. */
export function advanceServiceSession(session: AgentSession, { from, to, owed }: ServiceStep): void {
  const current = session.serviceSessionId;
  if (to === null) {
    throw new AgentError(
      'history_mismatch',
      'The service answered without a conversation id, so the next turn could not go on. Does it store responses?',
    );
  }
  // A `conv_` id stays the same from turn to turn.
  if (current === to && from !== to) return;
  if (current !== from) {
    throw new AgentError(
      'history_conflict',
      `Session ${session.sessionId} has moved on to ${current} while this run was in the background. The answer of the run is ${to}.`,
    );
  }
  session.serviceSessionId = to;
  saveOwed(session, owed);
}
