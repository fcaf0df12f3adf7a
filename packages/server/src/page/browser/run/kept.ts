// What a reload of this tab needs: the conversation, and the runs that were under way. A new tab begins with the latest
// conversation of this browser.
/// <reference lib="dom" />
import type { ChatRun, RunSettings } from './run.ts';

const OPEN = 'turnstream-open';
const SESSION = 'turnstream-session';

let lastKept = '';

export interface KeptRun {
  readonly id: string;
  readonly question: string;
  readonly settings: RunSettings;
  readonly runId: string | null;
}

export function keptSession(): string | null {
  return sessionStorage.getItem(SESSION) ?? localStorage.getItem(SESSION);
}

export function keepSession(sessionId: string | null): void {
  for (const storage of [sessionStorage, localStorage]) {
    if (sessionId === null) storage.removeItem(SESSION);
    else if (sessionId !== storage.getItem(SESSION)) storage.setItem(SESSION, sessionId);
  }
}

/** Called after every change of a run; most of them change nothing that is kept. */
export function keepOpen({ id, question, settings, runId }: ChatRun): void {
  const what = `${id} ${runId}`;
  if (what === lastKept) return;
  lastKept = what;
  write([...keptOpen().filter((kept) => kept.id !== id), { id, question, settings, runId }]);
}

export function forgetOpen({ id }: Pick<KeptRun, 'id'>): void {
  write(keptOpen().filter((kept) => kept.id !== id));
}

export function keptOpen(): readonly KeptRun[] {
  return JSON.parse(sessionStorage.getItem(OPEN) ?? '[]') as readonly KeptRun[];
}

function write(runs: readonly KeptRun[]): void {
  sessionStorage.setItem(OPEN, JSON.stringify(runs));
}
