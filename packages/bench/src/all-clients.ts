// Everybody who calls a model, metric by metric.
import type { FreshProcess } from './fresh-process.ts';
import type { MetricName } from './metrics.ts';
import { installOthers, titleOf } from './other-libraries.ts';
import type { Table } from './page.ts';
import { type Print, PrintedTable } from './printed-table.ts';
import type { Compiled } from './published.ts';
import { measureRounds, OTHERS, OWN } from './rounds.ts';
import { ROWS } from './rows.ts';
import { type Columns, headOf, lineOf } from './table.ts';

const COLUMNS: Columns = { floor: 'fetch', compared: [...OWN.slice(1), ...OTHERS], ours: 'turnstream' };

export interface Measuring extends Pick<FreshProcess, 'execPath'> {
  readonly rounds: number;
  readonly print: Print;
}

export async function measureClients(
  { directory, bundled, certificate }: Compiled,
  metrics: readonly MetricName[],
  { execPath, rounds, print }: Measuring,
): Promise<Table> {
  const others = metrics.length === 0 ? [] : installOthers(print);
  const table = new PrintedTable(headOf(COLUMNS).map(titleOf), print);
  for (const metric of metrics) {
    const from = { directory: metric === 'start-bundled' ? bundled : directory, execPath, certificate };
    const measured = await measureRounds(from, metric, { rounds, others });
    for (const row of ROWS.filter((each) => each.metric === metric))
      for (const [api, series] of measured) table.add(lineOf(row, api, series, COLUMNS));
  }
  return table;
}
