// Who keeps a conversation, and how much of it a run is shown.

import { AgentError } from '../errors.ts';
import type { Message } from '../message/message.ts';
import type { AgentSession } from '../session/session.ts';
import type { Compact } from './compaction/compaction.ts';
import { hasInSessionHistory, InSessionHistory } from './in-session.ts';
import { aheadOf, checkLastTurns, type HistoryProvider } from './provider.ts';

/** A provider, and a limit on what is sent. The stored history stays complete. */
export interface HistoryWindow {
  /** Left out, each session keeps its own. */
  readonly provider?: HistoryProvider | undefined;
  /** How many of the last turns are read; all of them by default. */
  readonly lastTurns?: number | undefined;
  /** Returns the messages to send for those that were read: shorter, summarized, or extended. */
  readonly compact?: Compact | undefined;
}

/** Where the conversation is stored: on our side, or at the client's service. Never both. */
export type History = HistoryProvider | HistoryWindow | 'service';

/** A history as a run uses it. */
export type OpenHistory = (HistoryWindow & { readonly provider: HistoryProvider }) | 'service';

const inSession = new InSessionHistory();

/** Throws `config_invalid` for a window that cannot be. */
export function openHistory(history: History | undefined): OpenHistory {
  if (history === 'service') return history;
  if (history == null) return { provider: inSession };
  if ('load' in history) return { provider: history };
  if (history.lastTurns !== undefined && !(history.lastTurns >= 1)) {
    throw new AgentError('config_invalid', `history.lastTurns is ${history.lastTurns}; it must be at least 1.`);
  }
  checkLastTurns(history.lastTurns);
  return { ...history, provider: history.provider ?? inSession };
}

/** The part of a history that a run sees. */
export interface ReadHistory {
  readonly messages: readonly Message[];
  /** The version its turn must follow. */
  readonly version: number;
  /** How far the version is ahead of the number of turns: a rewind increases it. */
  readonly ahead: number;
}

export async function readHistory(
  { provider, lastTurns, compact }: HistoryWindow & { readonly provider: HistoryProvider },
  session: AgentSession,
): Promise<ReadHistory> {
  const loaded = await provider.load(session, lastTurns === undefined ? {} : { lastTurns });
  const messages = compact === undefined ? loaded.messages : await compact(loaded.messages, { session });
  return { messages, version: loaded.version, ahead: aheadOf(loaded) };
}

/** Set in the state of a session whose turns a provider keeps: without it, such a session looks like a new one. */
const AT_PROVIDER = 'historyAtProvider';

/** Adds a turn, and marks the session when its turns are elsewhere. Rejects as the provider's `append` does. */
export async function appendTurn(
  { provider }: HistoryWindow & { readonly provider: HistoryProvider },
  session: AgentSession,
  turn: readonly Message[],
  version: number,
): Promise<void> {
  await provider.append(session, turn, version);
  if (!(provider instanceof InSessionHistory)) session.state[AT_PROVIDER] = true;
}

/** Throws `history_mismatch` for a session whose turns are not kept in this history. */
export function refuseOtherHistory(session: AgentSession, history: OpenHistory): void {
  const isInSession = history !== 'service' && history.provider instanceof InSessionHistory;
  if ((history === 'service' || isInSession) && Object.hasOwn(session.state, AT_PROVIDER)) {
    throw new AgentError(
      'history_mismatch',
      `A history provider keeps the turns of session ${session.sessionId}, and this agent has none. Use an agent with that provider, or start a new session.`,
    );
  }
  if (!isInSession && hasInSessionHistory(session)) {
    const keeper = history === 'service' ? 'leaves history to the service' : 'has a history provider';
    throw new AgentError(
      'history_mismatch',
      `Session ${session.sessionId} holds its messages itself, and this agent ${keeper}. Start a new session.`,
    );
  }
  if (history !== 'service' && session.serviceSessionId !== null) {
    throw new AgentError(
      'history_mismatch',
      `Session ${session.sessionId} is kept by the service (${session.serviceSessionId}). Use an agent with history: 'service'.`,
    );
  }
}
