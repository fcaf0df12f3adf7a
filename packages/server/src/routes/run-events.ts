// GET /runs/:id/events: the events of a run, from where the reader left off. Disconnecting does not affect the run.
import { AgentError } from '@turnstream/core';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorEvent } from '../events/error-event.ts';
import { frame } from '../events/frame.ts';
import { isTerminal } from '../events/wire.ts';
import { problems } from '../http/schemas.ts';
import { readerGone, SseWriter } from '../sse/writer.ts';
import type { RunRecord, RunStore, StoredEvent } from '../store/run-store.ts';
import type { ServerContext } from '../turn/context.ts';
import { found } from './runs.ts';

const PAGE = 200;
/** Changes are announced at once; this poll finds those whose announcement was lost. */
const LOOK_MS = 1_000;

const params = z.object({ id: z.uuid() });
const headers = z.looseObject({ 'last-event-id': z.string().max(200).optional() });

export function runEventsRoute(served: ServerContext): FastifyPluginAsyncZod {
  const { runs } = served.store;
  return async (app) => {
    app.get(
      '/runs/:id/events',
      // A HEAD request would hold a slot and its connection for as long as the run lasts.
      { exposeHeadRoute: false, schema: { params, headers, response: { 204: z.null(), ...problems } } },
      async (request, reply) => {
        const record = found(await runs.get(request.params.id, { owner: request.owner }));
        using taken = new DisposableStack();
        taken.defer(served.slots.take(request.owner));
        const last = await lastRead(runs, record, request.headers['last-event-id']);
        // This makes browsers stop reconnecting: https://html.spec.whatwg.org/multipage/server-sent-events.html
        if (last !== null && isTerminal(last.event)) return reply.code(204).send(null);
        const gone = readerGone(reply.raw);
        const { stopping, ceilings } = served;
        reply.hijack();
        const sse = new SseWriter(reply.raw, { gone, stopping, headers: reply.getHeaders(), ...ceilings });
        const view = new RunView(runs, record, sse);
        try {
          await view.follow(last?.seq ?? 0, AbortSignal.any([gone, stopping]));
        } catch (error) {
          if (!gone.aborted) await view.endEarly(error);
        } finally {
          view.end();
        }
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
  readonly #sse: SseWriter;
  #seq = 0;

  constructor(runs: RunStore, run: RunRecord, sse: SseWriter) {
    this.#runs = runs;
    this.#run = run;
    this.#sse = sse;
  }

  /** Writes the events stored after `after`, then new ones, until the run ends. */
  async follow(after: number, signal: AbortSignal): Promise<void> {
    const { runId, sessionId } = this.#run;
    this.#seq = after;
    // From the beginning, the run's own first event says `replace`.
    if (after > 0) await this.#sse.write(frame(this.#id, { type: 'session', sessionId, runId, mode: 'append' }));
    for (;;) {
      signal.throwIfAborted();
      const change = this.#runs.changed(runId, { timeoutMs: LOOK_MS, signal });
      // It may reject while this waits for a slow reader.
      change.catch(() => {});
      const written = await this.#writeStored();
      if (written === 'end') return;
      if (written === 'nothing') await Promise.all([change, this.#refuseForgotten()]);
    }
  }

  /** Ends this stream, not the run: the reader reconnects with the last id. */
  async endEarly(cause: unknown): Promise<void> {
    await this.#sse.write(frame(this.#id, errorEvent(cause))).catch(() => {});
  }

  end(): void {
    this.#sse.end();
  }

  async #writeStored(): Promise<'end' | 'some' | 'nothing'> {
    const stored = await this.#runs.events(this.#run.runId, { after: this.#seq, limit: PAGE });
    for (const { seq, event } of stored) {
      this.#seq = seq;
      await this.#sse.write(frame(this.#id, event));
      if (isTerminal(event)) return 'end';
    }
    return stored.length > 0 ? 'some' : 'nothing';
  }

  async #refuseForgotten(): Promise<void> {
    const { runId, owner } = this.#run;
    if ((await this.#runs.look(runId, { owner })) === null) throw new AgentError('not_found', 'The run was deleted.');
  }

  get #id(): string {
    return `${this.#run.runId}:${this.#seq}`;
  }
}
