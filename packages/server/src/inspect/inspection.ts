// What happens inside one turn, collected while it runs, for a developer who inspects it.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { InspectionEvent, ServerEvent } from '../events/wire.ts';

type Fact<Event extends InspectionEvent = InspectionEvent> = Event extends unknown ? Omit<Event, 'atMs'> : never;

export class Inspection {
  readonly events: InspectionEvent[] = [];
  /** Called with each event at once. */
  onEvent: (event: InspectionEvent) => void = () => {};

  add(fact: Fact): void {
    const event: InspectionEvent = stamped(fact);
    this.events.push(event);
    this.onEvent(event);
  }
}

const current = new AsyncLocalStorage<Inspection>();

/** Runs `work`, and all that it begins, as the turn that is inspected. */
export function inspected<T>(turn: Inspection, work: () => T): T {
  return current.run(turn, work);
}

/** That of the turn under way; undefined when the server does not inspect. */
export function inspection(): Inspection | undefined {
  return current.getStore();
}

/** With the time of the server, which tells a late network from a late model. */
export function stamped<Event extends ServerEvent | Fact>(event: Event): Event & { readonly atMs: number } {
  return { ...event, atMs: Date.now() };
}
