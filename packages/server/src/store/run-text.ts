// The text of a run: built from its events while the run is open, and stored once, when it ends.
import type { ServerEvent } from '../events/wire.ts';
import type { RunSql } from './database.ts';

/** The text of the updates since the last `session` event with mode `replace`. */
export function textOf(events: readonly ServerEvent[]): string {
  const replaced = events.findLastIndex((event) => event.type === 'session' && event.mode === 'replace');
  return events
    .slice(replaced + 1)
    .map((event) => (event.type === 'update' ? event.text : ''))
    .join('');
}

/** The text so far of each of these runs, by run id. */
export async function textsOf(
  run: RunSql,
  runEvents: string,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (runIds.length === 0) return new Map();
  const rows = (await run(
    `SELECT run_id, payload FROM ${runEvents}
     WHERE run_id IN (${runIds.map((_, index) => `$${index + 1}`).join(', ')}) ORDER BY run_id, seq`,
    runIds,
  )) as readonly { run_id: string; payload: string }[];
  const texts = new Map<string, string>();
  for (const [runId, own] of Map.groupBy(rows, (row) => row.run_id))
    texts.set(runId, textOf(own.map(({ payload }) => JSON.parse(payload) as ServerEvent)));
  return texts;
}
