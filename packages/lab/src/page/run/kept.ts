// What a reload of this tab needs: the conversation, and the runs of the chat that were under way.
import type { Settings } from '../settings.ts';
import type { Run } from './run.ts';

const OPEN = 'lab-open';
const SESSION = 'lab-session';

let lastKept = '';

export interface KeptRun {
  readonly id: string;
  readonly question: string;
  readonly settings: Settings;
  readonly runId: string | null;
  readonly sessionId: string | null;
}

export function keptSession(): string | null {
  return sessionStorage.getItem(SESSION);
}

export function keepSession(sessionId: string | null): void {
  if (sessionId === keptSession()) return;
  if (sessionId === null) sessionStorage.removeItem(SESSION);
  else sessionStorage.setItem(SESSION, sessionId);
}

/** Called after every change of a run; most of them change nothing that is kept. */
export function keepOpen({ id, question, settings, runId, sessionId }: Run): void {
  const what = `${id} ${runId} ${sessionId}`;
  if (what === lastKept) return;
  lastKept = what;
  write([...read().filter((kept) => kept.id !== id), { id, question, settings, runId, sessionId }]);
}

export function forgetOpen({ id }: Run): void {
  write(read().filter((kept) => kept.id !== id));
}

/** Returns a stream once: its connection is gone. A background run stays until it has ended. */
export function keptOpen(): readonly KeptRun[] {
  const kept = read();
  write(kept.filter(({ runId }) => runId !== null));
  return kept;
}

function read(): readonly KeptRun[] {
  return JSON.parse(sessionStorage.getItem(OPEN) ?? '[]') as readonly KeptRun[];
}

function write(runs: readonly KeptRun[]): void {
  sessionStorage.setItem(OPEN, JSON.stringify(runs));
}
