// GET /runs/:id/events: the events of a run, from where the reader left off. Disconnecting does not affect the run.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { frame } from '../events/frame.ts';
import { isTerminal } from '../events/wire.ts';
import { problems } from '../http/schemas.ts';
import { followRun } from '../store/follow-run.ts';
import type { RunRecord } from '../store/run-record.ts';
import type { RunStore, StoredEvent } from '../store/run-store.ts';
import type { ServerContext } from '../turn/context.ts';
import { streamFrames } from '../turn/stream-frames.ts';
import { found } from './runs.ts';

const params = z.object({ id: z.uuid() });
const headers = z.looseObject({ 'last-event-id': z.string().max(200).optional() });

export function runEventsRoute(served: ServerContext): FastifyPluginAsyncZod {
  const { runs } = served.store;
  return async function runEventsPlugin(app) {
    app.get(
      '/runs/:id/events',
      // A HEAD request would hold a slot and its connection for as long as the run lasts.
      { exposeHeadRoute: false, schema: { params, headers, response: { 204: z.null(), ...problems } } },
      async (request, reply) => {
        const record = found(await runs.get(request.params.id, { owner: request.agentOwner }));
        using taken = new DisposableStack();
        taken.defer(served.slots.take(request.agentOwner));
        const last = await lastRead(runs, record, request.headers['last-event-id']);
        // This makes browsers stop reconnecting: https://html.spec.whatwg.org/multipage/server-sent-events.html
        if (last !== null && isTerminal(last.event)) return await reply.code(204).send(null);
        const view = new RunView(runs, record, last?.seq ?? 0);
        // An error ends this stream, not the run: the reader reconnects with the last id.
        await streamFrames(
          served,
          reply,
          (signal) => view.frames(signal),
          (end) => frame(view.id, end),
        );
      },
    );
  };
}

/** The last event that the reader has; null when the id it sent is not an event of this run. */
async function lastRead(runs: RunStore, { runId }: RunRecord, lastEventId = ''): Promise<StoredEvent | null> {
  const [run, number = ''] = lastEventId.split(':');
  const seq = /^[1-9]\d*$/.test(number) ? Number(number) : Number.NaN;
  if (run !== runId || !Number.isSafeInteger(seq)) return null;
  const [event] = await runs.events(runId, { after: seq - 1, limit: 1 });
  return event?.seq === seq ? event : null;
}

class RunView {
  readonly #runs: RunStore;
  readonly #run: RunRecord;
  #seq: number;

  constructor(runs: RunStore, run: RunRecord, after: number) {
    this.#runs = runs;
    this.#run = run;
    this.#seq = after;
  }

  /** Those of the events that the reader does not have, until the run ends. */
  async *frames(signal: AbortSignal): AsyncGenerator<string, undefined> {
    const { runId, sessionId } = this.#run;
    // From the beginning, the run's own first event says `replace`.
    if (this.#seq > 0) yield frame(this.id, { type: 'session', sessionId, runId, mode: 'append' });
    for await (const page of followRun(this.#runs, this.#run, this.#seq, signal)) {
      for (const { seq, event } of page) {
        this.#seq = seq;
        yield frame(this.id, event);
      }
    }
  }

  get id(): string {
    return `${this.#run.runId}:${this.#seq}`;
  }
}
