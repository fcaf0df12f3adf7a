// The listening connection and its replacements, on a pool whose connections break.
import { EventEmitter } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import { Changes } from '../../src/store/changes.ts';
import type { PostgresPool, PostgresPoolClient } from '../../src/store/postgres-database.ts';
import { PostgresListener } from '../../src/store/postgres-listener.ts';

afterEach(() => void vi.useRealTimers());

test('a connection that breaks while it starts to listen is released and replaced once', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const open: Client[] = [];
  const pool = { connect: async () => new Client(open) } as unknown as PostgresPool;
  const errors: unknown[] = [];
  await using listener = new PostgresListener(pool, 'turnstream', new Changes(), (error) => errors.push(error));
  await listener.connect();
  Client.breaks = true;

  open[0]!.emit('error', new Error('lost'));
  await vi.advanceTimersByTimeAsync(1_000);
  Client.breaks = false;
  await vi.advanceTimersByTimeAsync(60_000);

  expect(open).toHaveLength(1);
  expect(errors.length).toBeGreaterThan(1);
});

/** One of the open connections until it is released. */
class Client extends EventEmitter implements PostgresPoolClient {
  static breaks = false;
  readonly #open: Client[];

  constructor(open: Client[]) {
    super();
    this.#open = open;
    open.push(this);
  }

  async query(): Promise<{ rows: unknown[] }> {
    if (!Client.breaks) return { rows: [] };
    const error = new Error('The connection ended unexpectedly.');
    this.emit('error', error);
    throw error;
  }

  release(): void {
    this.#open.splice(this.#open.indexOf(this), 1);
  }
}
