// How the turn of a background run is remembered: whole, when it has ended, and once however often it was resumed.
import { AgentError } from '../errors.ts';
import type { OpenHistory } from '../history/source.ts';
import type { FunctionCallContent, Message } from '../message/message.ts';
import { noConversation, remembered, rememberPending } from '../run/turn.ts';
import { leaseWhenFree } from '../session/lease.ts';
import type { AgentSession } from '../session/session.ts';

/** Others may add turns meanwhile; losing to them this often in a row is not chance. */
const MAX_TRIES = 10;

export interface FinishedTurn {
  readonly runId: string;
  readonly messages: readonly Message[];
  /** The conversation the run went on from, and the one it leads to; null when unknown. */
  readonly from: string | null;
  readonly to: string | null;
  /** Calls that wait for the caller. */
  readonly waiting: readonly FunctionCallContent[];
}

/** Stores the turn, unless another process has. Waits for a run that has the session now. */
export async function storeTurnOnce(session: AgentSession, history: OpenHistory, turn: FinishedTurn): Promise<void> {
  const release = await leaseWhenFree(session);
  try {
    if (history === 'service') advanceServiceSessionOnce(session, turn);
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

function advanceServiceSessionOnce(session: AgentSession, { from, to, waiting }: FinishedTurn): void {
  const current = session.serviceSessionId;
  // A `conv_` id stays the same from turn to turn.
  if (to === null) throw noConversation();
  if (current === to && from !== to) return;
  if (current !== from) {
    throw new AgentError(
      'history_conflict',
      `Session ${session.sessionId} has moved on to ${current} while this run was in the background. The answer of the run is ${to}.`,
    );
  }
  session.serviceSessionId = to;
  rememberPending(session, waiting);
}
