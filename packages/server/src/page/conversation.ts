// What the server has of a conversation: its turns, and the runs that are not among them.
/// <reference lib="dom" />
import { ask, type Connection, type PendingApproval, type PublicRun } from '../client/index.ts';

export interface Message {
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly status: string | null;
  /** Messages of one turn have the same number. */
  readonly turn: number;
}

export interface Conversation {
  readonly messages: readonly Message[];
  /** The calls that its last answer waits with. */
  readonly approvals: readonly PendingApproval[];
  /** Oldest first: those that are open, and those that ended without a turn. */
  readonly runs: readonly PublicRun[];
}

/** Rejects as `ask` does. A run may end between two requests, so they are made until none did. */
export async function readConversation(connection: Connection, sessionId: string): Promise<Conversation> {
  const read = async <T>(path: string): Promise<T> => (await (await ask(connection, path)).json()) as T;
  const readRuns = async (): Promise<readonly PublicRun[]> =>
    (await read<{ runs: readonly PublicRun[] }>(`/runs?sessionId=${sessionId}`)).runs;
  for (;;) {
    const before = await readRuns();
    const { messages, approvals } = await read<Pick<Conversation, 'messages' | 'approvals'>>(`/sessions/${sessionId}`);
    const runs = await readRuns();
    if (statesOf(before) !== statesOf(runs)) continue;
    return {
      messages,
      approvals,
      runs: runs.toReversed().filter(({ state }) => state !== 'completed' && state !== 'incomplete'),
    };
  }
}

function statesOf(runs: readonly PublicRun[]): string {
  return runs.map(({ runId, state }) => `${runId} ${state}`).join();
}
