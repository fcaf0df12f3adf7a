// Requests to the lab's server: this tab's token, and the controls that the lab adds to the server's own routes.
import { openConnection } from '@turnstream/server/chat';
import { ask, type Connection } from '@turnstream/server/client';
import type { SeenCall } from '../model/seen-call.ts';

export const connection: Connection = openConnection();

export interface About {
  /** The model that a key adds; null without one. */
  readonly live: string | null;
  readonly instructions: string;
  readonly guards: Readonly<Record<string, number>>;
  /** The longest question that the server accepts. */
  readonly maxMessageChars: number;
}

export async function about(): Promise<About> {
  return (await (await ask(connection, '/lab/about')).json()) as About;
}

export async function seenByModel(turnId: string): Promise<readonly SeenCall[]> {
  const { calls } = (await (await ask(connection, `/lab/model?turn=${turnId}`)).json()) as {
    calls: readonly SeenCall[];
  };
  return calls;
}

export async function instruct(instructions: string): Promise<void> {
  await ask(connection, '/lab/instructions', { method: 'POST', body: instructions });
}

export async function takeServerAway(how: 'restart' | 'crash'): Promise<void> {
  await ask(connection, `/lab/${how}`, { method: 'POST' });
}
