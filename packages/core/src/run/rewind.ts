// Reads the stored turns of a session, and removes the last of them.
import { AgentError } from '../errors.ts';
import type { HistoryProvider } from '../history/provider.ts';
import { type OpenHistory, refuseOtherHistory } from '../history/source.ts';
import type { Message } from '../message/message.ts';
import { leaseSession } from '../session/lease.ts';
import { type AgentSession, quotedId } from '../session/session.ts';

/** Options of `agent.rewind()`. */
export interface RewindOptions {
  /** How many turns to keep: the conversation continues after this one; 0 starts it over. Defaults to all but the last. */
  readonly toTurn?: number | undefined;
}

type Turns = readonly (readonly Message[])[];

export async function readTranscript(session: AgentSession, history: OpenHistory): Promise<Turns> {
  return (await providerOf(session, history).load(session)).turns;
}

/** Resolves with the removed turns. */
export async function rewindSession(
  session: AgentSession,
  history: OpenHistory,
  { toTurn }: RewindOptions,
): Promise<Turns> {
  const provider = providerOf(session, history);
  const release = leaseSession(session);
  try {
    const { turns, version } = await provider.load(session);
    const kept = toTurn ?? turns.length - 1;
    if (!Number.isSafeInteger(kept) || kept < 0 || kept > turns.length) throw noSuchTurn(session, toTurn, turns.length);
    await provider.truncate(session, kept, version);
    return turns.slice(kept);
  } finally {
    release();
  }
}

function providerOf(session: AgentSession, history: OpenHistory): HistoryProvider {
  refuseOtherHistory(session, history);
  if (history !== 'service') return history.provider;
  throw new AgentError(
    'history_mismatch',
    `The service keeps the turns of session ${quotedId(session.sessionId)} and does not return them. To continue from an earlier answer, run on createSession({ serviceSessionId: response.responseId }).`,
  );
}

function noSuchTurn({ sessionId }: AgentSession, toTurn: number | undefined, turnCount: number): AgentError {
  const id = quotedId(sessionId);
  if (toTurn === undefined) return new AgentError('input_invalid', `Session ${id} has no turn to take back.`);
  return new AgentError(
    'input_invalid',
    `toTurn is ${String(toTurn)}; session ${id} can be rewound to a turn from 0 to ${turnCount}.`,
  );
}
