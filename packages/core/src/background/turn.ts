// The turn of a background run: what it begins with elsewhere, and how it is remembered: whole, when it has ended, and once
// however often it was resumed.
import { AgentError } from '../errors.ts';
import { aheadOf, type LoadedHistory } from '../history/provider.ts';
import { appendTurn, type OpenHistory, readHistory } from '../history/source.ts';
import { type Message, resultsOf } from '../message/message.ts';
import type { RunPlan } from '../run/plan.ts';
import { advanceServiceSession, loadOwed, type ServiceStep } from '../run/service-session.ts';
import type { TurnStart } from '../run/turn.ts';
import { leaseWhenFree } from '../session/lease.ts';
import { type AgentSession, quotedId } from '../session/session.ts';
import type { BackgroundToken } from './token.ts';

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

/**
 * What a run begins with that was started elsewhere. Rejects with `history_conflict` before any tool runs or the model is
 * called, when its session was rewound since, unless its turn is already stored.
 */
export async function restarted(
  { session, history }: Pick<RunPlan<unknown>, 'session' | 'history'>,
  { runId, question, rounds, ahead: begun = 0 }: BackgroundToken,
): Promise<TurnStart> {
  const start = { history: [], messages: [...question, ...rounds], rounds, pending: [], ahead: 0 };
  if (session === null) return start;
  if (history === 'service') {
    const { calls, results } = loadOwed(session);
    // The session may owe what this run itself left in it.
    const inRounds = new Set(rounds.flatMap(resultsOf).map(({ callId }) => callId));
    const owed = results.filter((message) => !resultsOf(message).some(({ callId }) => inRounds.has(callId)));
    return { ...start, history: owed, messages: [...owed, ...start.messages], pending: calls };
  }
  const { messages, ahead } = await readHistory(history, session);
  if (ahead !== begun && !holds(await history.provider.load(session), runId)) throw rewound(session, runId);
  return { ...start, history: messages, messages: [...messages, ...start.messages], ahead };
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
