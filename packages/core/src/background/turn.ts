// How the turn of a background run is remembered: whole, when it has ended, and once however often it was resumed.
import { AgentError } from '../errors.ts';
import { aheadOf, type LoadedHistory } from '../history/provider.ts';
import { appendTurn, type OpenHistory } from '../history/source.ts';
import type { Message } from '../message/message.ts';
import { advanceServiceSession, type ServiceStep } from '../run/service-session.ts';
import { leaseWhenFree } from '../session/lease.ts';
import { type AgentSession, quotedId } from '../session/session.ts';

/** Others may add turns meanwhile; losing to them this often in a row is not chance. */
const MAX_TRIES = 10;

export interface FinishedTurn extends ServiceStep {
  readonly runId: string;
  /** `ahead` of the history when the run began. */
  readonly ahead: number;
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
  history: Exclude<OpenHistory, 'service'>,
  { runId, messages, ahead }: FinishedTurn,
): Promise<void> {
  const last = messages.at(-1);
  if (last === undefined) return;
  const turn = [...messages.slice(0, -1), { ...last, runId }];
  for (let tries = 1; ; tries += 1) {
    const stored = await history.provider.load(session);
    if (holds(stored, runId)) return;
    if (aheadOf(stored) !== ahead) throw rewound(session, runId);
    try {
      await appendTurn(history, session, turn, stored.version);
      return;
    } catch (error) {
      if (!(error instanceof AgentError) || error.code !== 'history_conflict' || tries >= MAX_TRIES) throw error;
    }
  }
}

/** Throws `history_conflict` for a run that began before its session was rewound, unless its turn is already stored. */
export async function refuseRewound(
  session: AgentSession,
  { provider }: Exclude<OpenHistory, 'service'>,
  runId: string,
): Promise<void> {
  if (!holds(await provider.load(session), runId)) throw rewound(session, runId);
}

function holds({ messages }: LoadedHistory, runId: string): boolean {
  return messages.some((message) => message.runId === runId);
}

/** The run's turn may be one of those the rewind removed, or may follow one of them. */
function rewound({ sessionId }: AgentSession, runId: string): AgentError {
  return new AgentError(
    'history_conflict',
    `Session ${quotedId(sessionId)} was rewound after run ${runId} began, so its turn is not stored. Start a new run.`,
  );
}
