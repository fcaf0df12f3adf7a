// How the turn of a background run is remembered: whole, when it has ended, and once however often it was resumed.
import { AgentError } from '../errors.ts';
import type { OpenHistory } from '../history/source.ts';
import type { Message } from '../message/message.ts';
import { advanceServiceSession, remembered, type ServiceStep } from '../run/turn.ts';
import { leaseWhenFree } from '../session/lease.ts';
import type { AgentSession } from '../session/session.ts';

/** Others may add turns meanwhile; losing to them this often in a row is not chance. */
const MAX_TRIES = 10;

export interface FinishedTurn extends ServiceStep {
  readonly runId: string;
  readonly messages: readonly Message[];
}

/** Stores the turn, unless another process has. Waits for a run that has the session now. */
export async function storeTurnOnce(session: AgentSession, history: OpenHistory, turn: FinishedTurn): Promise<void> {
  const release = await leaseWhenFree(session);
  try {
    if (history === 'service') advanceServiceSession(session, turn);
    else await appendOnce(session, history, turn);
  } finally {
    release();
  }
}

async function appendOnce(
  session: AgentSession,
  { provider }: Exclude<OpenHistory, 'service'>,
  { runId, messages }: FinishedTurn,
): Promise<void> {
  const last = messages.at(-1);
  if (last === undefined) return;
  const turn = [...messages.slice(0, -1).map(remembered), { ...remembered(last), runId }];
  for (let tries = 1; ; tries += 1) {
    const stored = await provider.load(session);
    if (stored.messages.some((message) => message.runId === runId)) return;
    try {
      await provider.append(session, turn, stored.version);
      return;
    } catch (error) {
      if (!(error instanceof AgentError) || error.code !== 'history_conflict' || tries >= MAX_TRIES) throw error;
    }
  }
}
