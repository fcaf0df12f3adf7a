// Requests about the conversations on the server: list, read, rewind, delete.
import { ask, type Connection, type PendingApproval, type PublicRun } from '../../../client/index.ts';
import type { InspectedContent } from '../../../events/wire.ts';
import type { ToolUse } from './tool-use.ts';

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

export interface SavedSessionTurns {
  readonly turns: readonly SavedTurn[];
  readonly approvals: readonly PendingApproval[];
}

export interface SavedConversation extends SavedSessionTurns {
  /** Oldest first: background runs that are open, and those that ended without a turn. */
  readonly runs: readonly PublicRun[];
}

type SavedContent = InspectedContent & { readonly turn: number };

interface ReadSession {
  readonly messages: readonly Message[];
  readonly approvals: readonly PendingApproval[];
  readonly inspection?: readonly SavedContent[];
}

interface Message {
  readonly role: string;
  readonly text: string;
  readonly status: string | null;
  readonly turn: number;
}

/** A conversation without a name costs a request, so a page of them is short. */
export const PAGE_SIZE = 25;

/** At most `PAGE_SIZE`, the latest first, from the one after `last` on. */
export async function listSessions(
  connection: Connection,
  last: SavedSession | null,
): Promise<readonly SavedSession[]> {
  const from = last === null ? '' : `&after=${last.sessionId}&savedAtMs=${last.savedAtMs}`;
  const path = `/sessions?order=latest&limit=${PAGE_SIZE}${from}`;
  return (await read<{ sessions: readonly SavedSession[] }>(connection, path)).sessions;
}

/** A run may end between two requests, so they are repeated until none did. */
export async function readConversation(connection: Connection, sessionId: string): Promise<SavedConversation> {
  const readRuns = async (): Promise<readonly PublicRun[]> =>
    (await read<{ runs: readonly PublicRun[] }>(connection, `/runs?sessionId=${sessionId}`)).runs;
  for (;;) {
    const before = await readRuns();
    const saved = await readSession(connection, sessionId);
    const runs = await readRuns();
    if (statesOf(before) !== statesOf(runs)) continue;
    const others = runs.filter(({ state }) => state !== 'completed' && state !== 'incomplete');
    return { ...saved, runs: others.toReversed() };
  }
}

/** A call or its result, as a request or a session shows it. */
export function takeCall(tool: ToolUse, { kind, preview, failed }: InspectedContent): void {
  if (kind === 'function_call') {
    tool.name = preview.slice(0, preview.indexOf(' '));
    tool.arguments ??= preview.slice(tool.name.length + 1);
  } else {
    tool.result = preview;
    tool.status = failed === true ? 'failed' : 'done';
  }
}

function statesOf(runs: readonly PublicRun[]): string {
  return runs.map(({ runId, state }) => `${runId} ${state}`).join();
}

export async function readSession(connection: Connection, sessionId: string): Promise<SavedSessionTurns> {
  const { messages, approvals, inspection = [] } = await read<ReadSession>(connection, `/sessions/${sessionId}`);
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
export async function takeBack(connection: Connection, sessionId: string, question: string): Promise<void> {
  const last = (await readSession(connection, sessionId)).turns.at(-1);
  if (last?.question !== question)
    throw new Error('Another tab has continued this conversation. Open it again to see its turns.');
  const body = { toTurn: last.before };
  await ask(connection, `/sessions/${sessionId}/rewind`, { method: 'POST', body });
}

export async function forgetSession(connection: Connection, sessionId: string): Promise<void> {
  await ask(connection, `/sessions/${sessionId}`, { method: 'DELETE' });
}

async function read<T>(connection: Connection, path: string): Promise<T> {
  return (await (await ask(connection, path)).json()) as T;
}
