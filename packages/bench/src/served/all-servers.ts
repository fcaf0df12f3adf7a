// The servers, metric by metric.
import type { Measuring } from '../all-clients.ts';
import type { Table } from '../page.ts';
import { PrintedTable } from '../printed-table.ts';
import type { Compiled } from '../published.ts';
import { SERVED_ROWS } from '../rows.ts';
import { type Columns, headOf, lineOf } from '../table.ts';
import type { ServedMetricName } from './metrics.ts';
import { measureServers } from './rounds.ts';

const COLUMNS: Columns = { floor: 'node:http', compared: ['turnstream'], ours: 'turnstream' };

export async function measureServed(
  { directory, certificate }: Compiled,
  metrics: readonly ServedMetricName[],
  { execPath, rounds, print }: Measuring,
): Promise<Table> {
  const table = new PrintedTable(headOf(COLUMNS), print);
  const wanted = SERVED_ROWS.filter(({ metric }) => metrics.includes(metric));
  for (const rows of Map.groupBy(wanted, ({ metric, kept }) => `${metric} ${kept}`).values()) {
    const [first] = rows;
    if (first === undefined) continue;
    if (first.kept === 'postgres' && process.env['DATABASE_URL'] === undefined) {
      print('DATABASE_URL names no Postgres, so its rows are left out.');
      continue;
    }
    const series = await measureServers({ directory, execPath, certificate }, first, rounds);
    for (const row of rows) table.add(lineOf(row, '', series, COLUMNS));
  }
  return table;
}
