// What the checks of a BackgroundClient are made of: a service to talk to, and deadlines instead of hanging.
import type { BackgroundClient, BackgroundEvent, BackgroundSnapshot } from '@turnstream/core/seams';
import type { ScriptedModel } from '../model/scripted.ts';
import type { Step } from '../script/reply.ts';
import { askFor, inTime, type MakeChatClient, rig, textOf } from './client-check.ts';

/** What the model says. */
export const letters: readonly string[] = ['Alpha ', 'beta ', 'gamma ', 'delta.'];
/** The same in one piece. */
export const text: string = letters.join('');

export interface BackgroundRig extends AsyncDisposable {
  readonly client: BackgroundClient;
  readonly model: ScriptedModel;
}

export async function rigFor(makeClient: MakeChatClient, ...steps: readonly Step[]): Promise<BackgroundRig> {
  const it = await rig(makeClient, ...steps);
  const { background } = it.client;
  if (background === undefined) throw new Error('the client has no `background`');
  return { client: background, model: it.model, [Symbol.asyncDispose]: () => it[Symbol.asyncDispose]() };
}

/** The signal of a caller that stays. */
export const never: AbortSignal = new AbortController().signal;

export function start(client: BackgroundClient, stream = false): Promise<BackgroundSnapshot> {
  return inTime(client.start(askFor({ stream })), 'the response to be started');
}

export function look(client: BackgroundClient, id: string): Promise<BackgroundSnapshot> {
  return inTime(client.get(id, { signal: never }), 'the look');
}

export function cancel(client: BackgroundClient, id: string): Promise<BackgroundSnapshot> {
  return inTime(client.cancel(id, { signal: never }), 'the cancel');
}

/** All events after a number, to the end of the stream. */
export function eventsOf(
  client: BackgroundClient,
  id: string,
  after: number | null = null,
): Promise<BackgroundEvent[]> {
  return inTime(Array.fromAsync(client.stream(id, { after, signal: never })), 'the events to end');
}

export function textIn(events: readonly BackgroundEvent[]): string {
  return textOf(events.map((event) => event.update));
}
