// Removes turns that a client asks again, or that it edits.
import { AgentError } from '@turnstream/core';
import type { ServerContext } from '../turn/context.ts';
import type { AskedTurn } from '../turn/request.ts';

/** Removes the turn that began with this message, if there is one, and the turns after it. */
export async function takeBack({ chats }: ServerContext, { session }: AskedTurn, messageId: string): Promise<void> {
  if (session === null) throw new AgentError('input_invalid', 'There is no session to remove a turn from.');
  const { turns, version } = await chats.load(session);
  const first = turns.findIndex((turn) => turn.some((each) => each.messageId === messageId));
  if (first !== -1) await chats.truncate(session, first, version);
}
