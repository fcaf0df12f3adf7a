// The answer to a question, or to a decision about calls, as it streams.
import { type ApprovalAnswer, type Connection, streamChat } from '../../../client/index.ts';
import type { ChatRun } from './run.ts';

/** Which conversation a question continues: none yet, that of a session, or one that the caller keeps. */
export interface Where {
  readonly sessionId?: string;
  readonly history?: readonly never[];
}

/** Rejects as `streamChat` does. `changed` is called after every event. */
export async function streamAnswer(
  run: ChatRun,
  connection: Connection,
  where: Where,
  changed: () => void,
): Promise<void> {
  for await (const event of streamChat({ ...connection, ...sentBy(run, where), signal: run.signal })) {
    if (event.type === 'session') run.sessionId = event.sessionId;
    if (event.type === 'session') run.state = 'waiting';
    else if (event.type === 'update') run.addText(event.text);
    else if (event.type === 'tool') run.takeTool(event);
    else if (event.type === 'approval') run.takeApproval(event);
    else if (event.type === 'done') {
      run.usage = event.usage;
      run.isCutShort = event.status === 'incomplete';
      run.isInSession ||= run.sessionId !== null;
      run.end('done');
    }
    changed();
  }
}

type Question = Where & { readonly message: string };
type Decision = { readonly approvals: readonly ApprovalAnswer[]; readonly sessionId: string };

/** The question, or the decision about calls in the session that waits for it. */
export function sentBy({ question, decision, sessionId }: ChatRun, where: Where): Question | Decision {
  if (decision === null) return { message: question, ...where };
  return { approvals: decision, sessionId: where.sessionId ?? sessionId ?? '' };
}
