// Removes turns that a client asks again, or that it edits.
import type { ServerContext } from '../turn/context.ts';
import type { AskedTurn } from '../turn/request.ts';

/** Removes the turn that began with this message and the turns after it, if the turn has a session with such a turn. */
export async function takeBack({ chats }: ServerContext, { session }: AskedTurn, messageId: string): Promise<void> {
  if (session === null) return;
  const { turns, version } = await chats.load(session);
  const first = turns.findIndex((turn) => turn.some((each) => each.messageId === messageId));
  if (first !== -1) await chats.truncate(session, first, version);
}
