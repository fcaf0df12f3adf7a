// What the page keeps: the token and an unanswered question as long as its tab lives, the session until a new chat begins.
/// <reference lib="dom" />

const TOKEN = 'turnstream-token';
const SESSION = 'turnstream-session';
const QUESTION = 'turnstream-question';

/**
 * The token of the address, which then leaves the address bar: so that it is not copied along and does not stay in a
 * history. Drops a question asked with another token.
 */
export function takeToken(): string | undefined {
  const inAddress = new URLSearchParams(location.hash.slice(1)).get('token');
  if (inAddress !== null) {
    if (inAddress !== sessionStorage.getItem(TOKEN)) keepQuestion(null);
    sessionStorage.setItem(TOKEN, inAddress);
    history.replaceState(null, '', location.pathname + location.search);
  }
  return sessionStorage.getItem(TOKEN) ?? undefined;
}

export function keptSession(): string | undefined {
  return localStorage.getItem(SESSION) ?? undefined;
}

export function keepSession(sessionId: string | null): void {
  if (sessionId === null) localStorage.removeItem(SESSION);
  else localStorage.setItem(SESSION, sessionId);
}

/** The question that is being answered; null when it is. */
export function keepQuestion(question: string | null): void {
  if (question === null) sessionStorage.removeItem(QUESTION);
  else sessionStorage.setItem(QUESTION, question);
}

/** Returned once. */
export function keptQuestion(): string | null {
  const question = sessionStorage.getItem(QUESTION);
  keepQuestion(null);
  return question;
}
