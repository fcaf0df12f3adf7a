// A background run in the page: watched to its end. Leaving the page leaves the run alone.
import { type Connection, getRun, startRun, type WatchedEvent, watchRun } from '../../client/index.ts';
import type { ChatRun } from './run/run.ts';
import { Semaphore } from './semaphore.ts';

/** Browsers open six connections to a server; a chat needs one. */
const WATCHED = 3;

export class Watcher {
  readonly #connection: Connection;
  readonly #places = new Semaphore(WATCHED);

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Rejects as `startRun` does. `changed` is called after every change of the run. */
  async begin(run: ChatRun, sessionId: string | null, changed: () => void): Promise<void> {
    const { question: message, id: idempotencyKey, signal } = run;
    const options = { message, sessionId: sessionId ?? undefined, idempotencyKey, signal };
    const begun = await startRun(this.#connection, options);
    run.runId = begun.runId;
    run.sessionId = begun.sessionId;
    run.state = 'queued';
    changed();
    await this.follow(run, changed);
  }

  /** Rejects as `watchRun` does. A run that waits for a connection shows no text until another run ends. */
  async follow(run: ChatRun, changed: () => void): Promise<void> {
    const { runId, signal } = run;
    if (runId === null) return;
    await this.#places.hold(async () => {
      for await (const watched of watchRun({ ...this.#connection, runId, signal })) {
        await this.#take(run, watched);
        changed();
      }
    });
  }

  async #take(run: ChatRun, { event }: WatchedEvent): Promise<void> {
    // The events of a run are also shown later, when nothing may wait any more.
    run.approvals = event.type === 'approval' ? (await getRun(this.#connection, run.runId ?? '')).approvals : [];
    if (event.type === 'session') {
      if (event.mode === 'replace') run.text = '';
      run.state = 'working';
    } else if (event.type === 'update') {
      run.addText(event.text);
      run.state = 'working';
    } else if (event.type === 'tool') run.takeTool(event);
    else if (event.type === 'done') {
      run.usage = event.usage;
      run.isCutShort = event.status === 'incomplete';
      run.isInSession = event.status !== 'cancelled';
      run.end(event.status === 'cancelled' ? 'stopped' : 'done');
    }
  }
}
