// One turn in the page: the question, or a decision about calls that waited, and the answer as it comes.
/// <reference lib="dom" />
import { type ApprovalAnswer, type Connection, type PendingApproval, streamChat } from '../client/index.ts';
import type { MessageView } from './transcript.ts';

/** What is sent: a message, or the answers to the calls that the session waits with. */
export type Asked =
  | { readonly message: string; readonly sessionId: string | undefined }
  | { readonly approvals: readonly ApprovalAnswer[]; readonly sessionId: string };

export interface ChatTurn {
  readonly connection: Connection;
  readonly asked: Asked;
  /** Null for a decision. */
  readonly question: MessageView | null;
  readonly answer: MessageView;
  readonly signal: AbortSignal;
  readonly onSession: (sessionId: string) => void;
}

export interface TurnResult {
  /** To be announced. */
  readonly said: string;
  /** The calls that now wait. */
  readonly approvals: readonly PendingApproval[];
}

/** Never rejects. */
export async function takeTurn({
  connection,
  question,
  answer,
  onSession,
  asked,
  signal,
}: ChatTurn): Promise<TurnResult> {
  const approvals: PendingApproval[] = [];
  answer.isBusy = true;
  try {
    for await (const event of streamChat({ ...connection, ...asked, signal })) {
      if (event.type === 'session' && event.sessionId !== null) onSession(event.sessionId);
      else if (event.type === 'update') answer.add(event.text);
      else if (event.type === 'tool' && event.status === 'called') answer.note(`Using ${event.name}`);
      else if (event.type === 'approval') approvals.push(event);
      else if (event.type === 'done' && event.status === 'incomplete') answer.note('Cut short by the model.');
    }
    return { said: approvals.length > 0 ? 'Waits for approval' : 'Answer complete', approvals };
  } catch (error) {
    // Not part of the conversation, unless the agent keeps interrupted turns.
    for (const part of [question, answer]) part?.setApart();
    if (signal.aborted) answer.note('Stopped.');
    else answer.note(error instanceof Error ? error.message : 'It failed.', 'alert');
    return { said: signal.aborted ? 'Stopped' : 'Answer failed', approvals: [] };
  } finally {
    answer.isBusy = false;
  }
}
