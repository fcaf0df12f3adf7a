// What a store is asked to begin: a run, or a session for chats.
import type { Message, ToolChoice } from '@turnstream/core';

/** A background run to store. */
export interface NewRun {
  readonly owner: string;
  /** Most sessions this owner may have: `too_many_sessions` for a new one beyond it. */
  readonly maxSessions: number;
  /** Null: a new session, which is made with the run. */
  readonly sessionId: string | null;
  readonly message: string;
  /** For a protocol that takes more than a message; null, the default, for none. */
  readonly ask?: RunAsk | null;
  readonly callbackUrl: string | null;
  /** The caller's `Idempotency-Key`; null for none. */
  readonly key: string | null;
  /** Most runs this owner may have open: `overloaded` beyond it. */
  readonly maxOpen: number;
}

/** A session to create. */
export interface NewSession extends Pick<NewRun, 'owner' | 'maxSessions'> {
  /** Left out, the session gets an id of its own. */
  readonly sessionId?: string;
}

/** What a caller declares for one run, as JSON. */
export interface AskedOptions {
  /** Functions that the caller runs. */
  readonly tools: readonly CallerTool[];
  readonly toolChoice: ToolChoice;
  /** Added to the agent's own; null for none. */
  readonly instructions: string | null;
}

export interface CallerTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema; an object of any shape by default. */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** What a run works on in place of its message. Nobody can be asked for approval in such a run: it fails. */
export interface RunAsk extends AskedOptions {
  /** Ends with the question. Its last message gets the id of the run, which finds the turn in the history. */
  readonly input: readonly Message[];
}
