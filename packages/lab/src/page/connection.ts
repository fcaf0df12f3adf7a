// Requests to the lab's server: this tab's token, and the controls that the lab adds to the server's own routes.
import { openConnection } from '@turnstream/server/chat';
import { ask, type Connection } from '@turnstream/server/client';

export const connection: Connection = openConnection();

/** What the model of a turn saw: one entry for each of its calls. */
export interface SeenCall {
  readonly atMs: number;
  readonly endedAtMs: number | null;
  readonly status: number;
  readonly tokens: number;
  readonly made: number;
  readonly closedEarly: boolean;
  readonly instructions: string | null;
  readonly messages: readonly { readonly role: string; readonly text: string }[];
}

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
