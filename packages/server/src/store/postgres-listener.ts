// Hears on one connection what has changed in other processes, and connects again when it breaks.
import type { Changes } from './changes.ts';
import { channelOf, type PostgresPool, type PostgresPoolClient } from './postgres-database.ts';

const RECONNECT_MS = 1_000;

export class PostgresListener implements AsyncDisposable {
  readonly #pool: PostgresPool;
  readonly #schema: string;
  readonly #changes: Changes;
  readonly #onError: (error: unknown) => void;
  #client: PostgresPoolClient | null = null;
  #connecting: Promise<void> = Promise.resolve();
  #retry: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(pool: PostgresPool, schema: string, changes: Changes, onError: (error: unknown) => void) {
    this.#pool = pool;
    this.#schema = schema;
    this.#changes = changes;
    this.#onError = onError;
  }

  async connect(): Promise<void> {
    const client = await this.#pool.connect();
    this.#client = client;
    const onLost = (error?: Error): void => {
      if (this.#client === client) this.#reconnect(error ?? new Error('The listening connection has ended.'));
    };
    client.on('error', onLost);
    client.on('end', onLost);
    client.on('notification', ({ payload = '' }) => this.#changes.announce(payload));
    await client.query(`LISTEN ${channelOf(this.#schema)}`);
    // Whatever was said before nobody here has heard.
    this.#changes.announceAll();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    await this.#connecting;
    this.#release();
  }

  #reconnect(error: unknown): void {
    this.#release();
    this.#onError(error);
    if (this.#isClosed) return;
    // A connection that breaks while it starts to listen reports it twice.
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#connecting = this.#connectAgain();
    }, RECONNECT_MS);
  }

  async #connectAgain(): Promise<void> {
    try {
      await this.connect();
    } catch (error) {
      this.#reconnect(error);
    }
  }

  #release(): void {
    this.#client?.release(true);
    this.#client = null;
  }
}
