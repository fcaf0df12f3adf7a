// What the BackgroundClient checks share: a service to talk to, and waits with a deadline.
import { setTimeout } from 'node:timers/promises';
import {
  type BackgroundClient,
  type BackgroundEvent,
  type BackgroundSnapshot,
  type ChatRequest,
  isOpen,
} from '@turnstream/core/seams';
import type { Step } from '../script/step.ts';
import { askFor, type ClientRig, type OpenRig, textOf } from './client-check.ts';

/** What the model says. */
export const letters: readonly string[] = ['Alpha ', 'beta ', 'gamma ', 'delta.'];
/** The same in one piece. */
export const text: string = letters.join('');

/** A signal that never aborts. */
export const never: AbortSignal = new AbortController().signal;

export async function openBackground(open: OpenRig, ...steps: readonly Step[]): Promise<BackgroundRig> {
  const rig = await open(...steps);
  const { background } = rig.client;
  if (background === undefined) throw new Error('the client has no `background`');
  return new BackgroundRig(background, rig);
}

/** The `background` of a client, connected to a scripted service. */
export class BackgroundRig implements AsyncDisposable {
  readonly client: BackgroundClient;
  readonly rig: ClientRig;

  constructor(client: BackgroundClient, rig: ClientRig) {
    this.client = client;
    this.rig = rig;
  }

  get requests(): ClientRig['model']['requests'] {
    return this.rig.model.requests;
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.rig[Symbol.asyncDispose]();
  }

  start(fields: Partial<ChatRequest> = {}): Promise<BackgroundSnapshot> {
    return this.rig.inTime(this.client.start(askFor({ stream: false, ...fields })), 'the response to be started');
  }

  look(id: string): Promise<BackgroundSnapshot> {
    return this.rig.inTime(this.client.get(id, { signal: never }), 'the poll');
  }

  /** What the first poll after its end finds. A service may need a moment, also when nothing is scripted to come first. */
  async ended(id: string): Promise<BackgroundSnapshot> {
    for (;;) {
      const snapshot = await this.look(id);
      if (!isOpen(snapshot.status)) return snapshot;
      await setTimeout(5);
    }
  }

  cancel(id: string): Promise<BackgroundSnapshot> {
    return this.rig.inTime(this.client.cancel(id, { signal: never }), 'the cancel');
  }

  /** All events after a number, to the end of the stream. */
  eventsOf(id: string, after: number | null = null): Promise<BackgroundEvent[]> {
    return this.rig.inTime(Array.fromAsync(this.client.stream(id, { after, signal: never })), 'the events to end');
  }
}

export function textIn(events: readonly BackgroundEvent[]): string {
  return textOf(events.map((event) => event.update));
}
