// Who keeps a conversation, and how much of it a run is shown.

import { AgentError } from '../errors.ts';
import type { Message } from '../message/message.ts';
import { type SessionKey } from '../session/session.ts';
import { InSessionHistory } from './in-session.ts';
import { checkLastTurns, type HistoryProvider } from './provider.ts';

/** A provider with a limit on what is sent. What is stored stays whole. */
export interface HistoryWindow {
  /** Left out, each session keeps its own. */
  readonly provider?: HistoryProvider;
  /** How many of the last turns are read; all of them when left out. */
  readonly lastTurns?: number;
  /** Makes what is sent of what was read: shorter, summed up, or with something added. */
  readonly compact?: (messages: readonly Message[]) => readonly Message[] | Promise<readonly Message[]>;
}

/** Who keeps the conversation: our side, or the service behind the client. Never both. */
export type History = HistoryProvider | HistoryWindow | 'service';

/** A history as a run uses it. */
export type OpenHistory = (HistoryWindow & { readonly provider: HistoryProvider }) | 'service';

const inSession = new InSessionHistory();

/** Throws `config_invalid` for a window that cannot be. */
export function openHistory(history: History | undefined): OpenHistory {
  if (history === 'service') return history;
  if (history === undefined) return { provider: inSession };
  if ('load' in history) return { provider: history };
  if (history.lastTurns !== undefined && !(history.lastTurns >= 1)) {
    throw new AgentError('config_invalid', `history.lastTurns is ${history.lastTurns}; it must be at least 1.`);
  }
  checkLastTurns(history.lastTurns);
  return { ...history, provider: history.provider ?? inSession };
}

/** The messages a run is shown, and the version its turn must follow. */
export async function readHistory(
  { provider, lastTurns, compact }: HistoryWindow & { readonly provider: HistoryProvider },
  session: SessionKey,
): Promise<{ messages: readonly Message[]; version: number }> {
  const { messages, version } = await provider.load(session, lastTurns === undefined ? {} : { lastTurns });
  return { messages: compact === undefined ? messages : await compact(messages), version };
}
