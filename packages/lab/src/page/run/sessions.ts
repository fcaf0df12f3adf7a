// Requests about the conversations on the server: list, read, rewind, delete.
import { ask, type PendingApproval } from '@turnstream/server/client';
import { connection } from '../connection.ts';
import { takeCall } from './facts.ts';
import type { Block, ToolUse } from './run.ts';

export interface SavedSession {
  readonly sessionId: string;
  /** Milliseconds since 1970. */
  readonly savedAtMs: number;
}

/** A question of a session and the joined text of its answers. */
export interface SavedTurn {
  readonly question: string;
  readonly answer: string;
  readonly isWhole: boolean;
  readonly tools: readonly ToolUse[];
  /** The number of turns before it. */
  readonly before: number;
}

export interface SavedConversation {
  readonly turns: readonly SavedTurn[];
  readonly approvals: readonly PendingApproval[];
}

/** A message, or a call or result in one. */
type SavedContent = Block & { readonly turn: number };

interface ReadSession {
  readonly messages: readonly Message[];
  readonly approvals: readonly PendingApproval[];
  readonly inspection: readonly SavedContent[];
}

interface Message {
  readonly role: string;
  readonly text: string;
  readonly status: string | null;
  readonly turn: number;
}

export const PAGE_SIZE = 100;

/** At most `PAGE_SIZE`, in the order of their ids. */
export async function listSessions(after: string | null): Promise<readonly SavedSession[]> {
  const from = after === null ? '' : `&after=${after}`;
  const response = await ask(connection, `/sessions?limit=${PAGE_SIZE}${from}`);
  return ((await response.json()) as { readonly sessions: readonly SavedSession[] }).sessions;
}

export async function readSession(sessionId: string): Promise<SavedConversation> {
  const response = await ask(connection, `/sessions/${sessionId}`);
  const { messages, approvals, inspection } = (await response.json()) as ReadSession;
  const turns: SavedTurn[] = [];
  for (const { role, text, status, turn } of messages) {
    const last = turns.at(-1);
    if (role === 'user') turns.push({ question: text, answer: '', isWhole: true, before: turn, tools: [] });
    else if (last !== undefined) {
      const answer = [last.answer, text].filter((each) => each !== '').join('\n\n');
      turns[turns.length - 1] = { ...last, answer, isWhole: last.isWhole && status === null };
    }
  }
  const waiting = new Set(approvals.map(({ callId }) => callId));
  const used = toolsIn(inspection.filter(({ callId }) => callId !== undefined && !waiting.has(callId)));
  const next = (index: number): number => turns[index + 1]?.before ?? Infinity;
  return {
    turns: turns.map((each, index) => ({
      ...each,
      tools: used.filter(({ turn }) => turn >= each.before && turn < next(index)).map(({ tool }) => tool),
    })),
    approvals,
  };
}

/** The calls with their results, and the turn of each call. */
function toolsIn(contents: readonly SavedContent[]): readonly { readonly turn: number; readonly tool: ToolUse }[] {
  const used = new Map<string, { turn: number; tool: ToolUse }>();
  for (const content of contents) {
    const { callId = '', turn } = content;
    const known = used.get(callId) ?? {
      turn,
      tool: { callId, name: '', status: 'failed', arguments: null, result: null },
    };
    used.set(callId, known);
    takeCall(known.tool, content);
  }
  return [...used.values()];
}

/**
 * Removes the last question of a session and everything after it. Rejects if the last question is not `question`: another
 * tab has continued the conversation.
 */
export async function takeBack(sessionId: string, question: string): Promise<void> {
  const last = (await readSession(sessionId)).turns.at(-1);
  if (last?.question !== question)
    throw new Error('Another tab has continued this conversation. Open it again to see its turns.');
  const body = { toTurn: last.before };
  await ask(connection, `/sessions/${sessionId}/rewind`, { method: 'POST', body });
}

export async function forgetSession(sessionId: string): Promise<void> {
  await ask(connection, `/sessions/${sessionId}`, { method: 'DELETE' });
}
