// The demo model without a transport: what answers, and the log of what it was asked.
import { Exchanges } from '../model/exchange.ts';
import type { ServiceMemory } from '../model/service-memory.ts';
import { type Clock, realClock } from '../script/clock.ts';
import { type ChangeAnswer, type DemoPace, DemoService } from './service.ts';

/** How the demo model behaves, over HTTP or without a socket. */
export interface DemoOptions {
  /** The first word after 300 ms and one fragment each 35 ms, background responses queued for 500 ms, by default. */
  readonly pace?: DemoPace;
  /** Clock of background responses; real time by default. */
  readonly clock?: Clock;
  /** Replaces the model's answer, to break it on purpose: a changed `reply`, an `httpError()`. */
  readonly change?: ChangeAnswer;
}

const believablePace: DemoPace = { firstChunkDelayMs: 300, chunkDelayMs: 35, queuedMs: 500 };

export function demoExchanges(options: DemoOptions): { memory: ServiceMemory; exchanges: Exchanges } {
  const service = new DemoService(
    { ...believablePace, ...options.pace },
    options.clock ?? realClock,
    options.change ?? ((reply) => reply),
  );
  return {
    memory: service.memory,
    exchanges: new Exchanges((request, number) => service.respond(request, number), { keep: 1000 }),
  };
}
