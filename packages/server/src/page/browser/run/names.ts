// The names of conversations. The server has no field for them, so this browser stores them, by default the first question.
// Sessions of experiments have no name and are not listed.

const NAMES = 'turnstream-conversations';
const MAX_CHARS = 80;

let known: Record<string, string | null> | null = null;

/** Undefined for an unknown session, null for a session of an experiment. */
export function nameOf(sessionId: string): string | null | undefined {
  return names()[sessionId];
}

export function nameSession(sessionId: string, text: string): void {
  const line = text.trim().replace(/\s+/g, ' ');
  keep({ ...names(), [sessionId]: line.length > MAX_CHARS ? `${line.slice(0, MAX_CHARS - 1)}…` : line });
}

/** Leaves a session without a name out of the lists. */
export function hideSession(sessionId: string): void {
  if (nameOf(sessionId) === undefined) keep({ ...names(), [sessionId]: null });
}

export function forgetName(sessionId: string): void {
  const { [sessionId]: _, ...others } = names();
  keep(others);
}

function names(): Record<string, string | null> {
  known ??= JSON.parse(localStorage.getItem(NAMES) ?? '{}') as Record<string, string | null>;
  return known;
}

function keep(changed: Record<string, string | null>): void {
  known = changed;
  localStorage.setItem(NAMES, JSON.stringify(changed));
}
