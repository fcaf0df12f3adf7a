// Every row against one library, over each API it speaks.
import type { Adapter, Api } from './adapter.ts';
import { type Finding, Lab, type Row } from './lab.ts';
import { rowsOfBackground } from './rows-of-background.ts';
import { rowsOfCalls } from './rows-of-calls.ts';
import { rowsOfFailures } from './rows-of-failures.ts';
import { rowsOfModels } from './rows-of-models.ts';
import { rowsOfRuns } from './rows-of-runs.ts';
import { rowsOfTurns } from './rows-of-turns.ts';

export const rows: readonly Row[] = [
  ...rowsOfRuns,
  ...rowsOfFailures,
  ...rowsOfTurns,
  ...rowsOfBackground,
  ...rowsOfModels,
  ...rowsOfCalls,
].toSorted((left, right) => Number(left.id.slice(1)) - Number(right.id.slice(1)));

export interface Checked extends Finding {
  readonly row: string;
  readonly api: Api;
}

export async function checkAll(adapter: Adapter): Promise<readonly Checked[]> {
  const checked: Checked[] = [];
  for (const row of rows)
    for (const api of adapter.apis) {
      if (row.only !== undefined && row.only !== api) continue;
      checked.push({ row: row.id, api, ...(await row.check(new Lab(adapter, api))) });
    }
  return checked;
}
