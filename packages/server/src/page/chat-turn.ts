// One turn in the page: the question, and the answer as it comes, or what became of it.
/// <reference lib="dom" />
import { type Connection, streamChat } from '../client/index.ts';
import type { MessageView } from './transcript.ts';

export interface ChatTurn {
  readonly connection: Connection;
  readonly message: string;
  readonly sessionId: string | undefined;
  readonly question: MessageView;
  readonly answer: MessageView;
  readonly signal: AbortSignal;
  readonly onSession: (sessionId: string) => void;
}

/** Never rejects. Resolves with what is to be announced. */
export async function takeTurn({ connection, question, answer, onSession, ...asked }: ChatTurn): Promise<string> {
  const { message, sessionId, signal } = asked;
  answer.isBusy = true;
  try {
    for await (const event of streamChat({ ...connection, message, sessionId, signal })) {
      if (event.type === 'session' && event.sessionId !== null) onSession(event.sessionId);
      else if (event.type === 'update') answer.add(event.text);
      else if (event.type === 'tool' && event.status === 'called') answer.note(`Using ${event.name}`);
      else if (event.type === 'done' && event.status === 'incomplete') answer.note('Cut short by the model.');
    }
    return 'Answer complete';
  } catch (error) {
    // No part of the conversation, unless the agent is told to keep what was interrupted.
    for (const part of [question, answer]) part.setApart();
    if (signal.aborted) answer.note('Stopped.');
    else answer.note(error instanceof Error ? error.message : 'It failed.', 'alert');
    return signal.aborted ? 'Stopped' : 'Answer failed';
  } finally {
    answer.isBusy = false;
  }
}
