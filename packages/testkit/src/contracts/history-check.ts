// What the HistoryProvider checks share: a store to check, and turns to put into it.
import { type HistoryProvider, type Message, textOf } from '@turnstream/core';
import type { SessionKey } from '@turnstream/core/seams';

/** An empty store under test, and ways to act on it from outside. */
export interface HistoryRig {
  readonly history: HistoryProvider;
  /** Opens a new handle on the same storage, as after a restart. */
  reopen?(): HistoryProvider | Promise<HistoryProvider>;
  /** Overwrites the newest stored record of the session with text that no store writes. */
  spoil?(sessionId: string): void | Promise<void>;
  /** How a second process opens the storage, and how many times that process is killed (default 5). */
  readonly otherProcess?: OtherProcess & { readonly kills?: number };
  /** Closes all handles and deletes the stored data. */
  [Symbol.asyncDispose]?(): void | PromiseLike<void>;
}

/** How another process opens the same history, for the checks that need two. */
export interface OtherProcess {
  /** URL of a module that exports `openHistory(argument): HistoryProvider | Promise<HistoryProvider>`. */
  readonly module: string;
  readonly argument: string;
}

/** Makes an empty store for each check. */
export type MakeHistory = () => HistoryRig | Promise<HistoryRig>;

/**
 * Checks, keyed by the sentence they prove. Each rejects when the store breaks it, and may resolve with what it
 * counted.
 */
export type HistoryChecks = Readonly<Record<string, (rig: HistoryRig) => Promise<string | void>>>;

/** A session of its own for each check. */
export function newSession(): SessionKey {
  return { sessionId: crypto.randomUUID() };
}

/** A turn of two messages that both carry its name, so that half a turn is detected. */
export function turnOf(name: string, filler = ''): readonly Message[] {
  return [
    { role: 'user', contents: `question ${name}` },
    { role: 'assistant', contents: `answer ${name}${filler}` },
  ];
}

/** The store and, if it can be reopened, a second handle on the same storage. */
export async function handlesOf(rig: HistoryRig): Promise<readonly [HistoryProvider, HistoryProvider]> {
  return [rig.history, (await rig.reopen?.()) ?? rig.history];
}

/** Adds turns of these names, one after the other. */
export async function addTurns(history: HistoryProvider, session: SessionKey, names: readonly string[]): Promise<void> {
  const { version } = await history.load(session);
  for (const [index, name] of names.entries()) await history.append(session, turnOf(name), version + index);
}

/** The names of the stored turns. Rejects when a turn is incomplete. */
export function turnNames(messages: readonly Message[]): string[] {
  const texts = messages.map(textOf);
  const names: string[] = [];
  for (let index = 0; index < texts.length; index += 2) {
    const [question = '', answer = ''] = texts.slice(index, index + 2);
    const name = question.replace(/^question /, '');
    if (answer !== `answer ${name}` && !answer.startsWith(`answer ${name} `))
      throw new Error(`message ${index} starts an incomplete turn`);
    names.push(name);
  }
  return names;
}

/** The names of all turns of a session. */
export async function storedNames(history: HistoryProvider, session: SessionKey): Promise<string[]> {
  return turnNames((await history.load(session)).messages);
}

/** More than all checks write: each refusal means that another writer won. */
const MOST_REFUSALS = 1_000;

/** Retries the append until it wins against the other writers. Resolves with the number of refusals. */
export async function appendPatiently(
  history: HistoryProvider,
  session: SessionKey,
  turn: readonly Message[],
): Promise<number> {
  for (let refused = 0; refused < MOST_REFUSALS; refused += 1) {
    const { version } = await history.load(session, { lastTurns: 0 });
    try {
      await history.append(session, turn, version);
      return refused;
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
  throw new Error(`a turn was refused ${MOST_REFUSALS} times, although fewer were written`);
}

/** True for the error of a change made at an outdated version. */
export function isConflict(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'history_conflict';
}
