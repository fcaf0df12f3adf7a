// The proof: nine pairs of turns, and the two facts that their data confirm or refute.
import type { Lab } from '../lab.ts';
import { Run } from '../run/run.ts';
import { DEFAULTS, MODES, type Mode, SESSIONS, type SessionChoice } from '../settings.ts';

const SCRIPT = ['What is Python?', 'How old is it? Answer with a year only.'] as const;
const AT_ONCE = 3;

export interface Cell {
  readonly mode: Mode;
  readonly session: SessionChoice;
  /** The first turn and the second. */
  readonly runs: readonly Run[];
}

/** In how many rows or columns a fact holds, and why it fails in the others. */
export interface Fact {
  readonly holds: number;
  readonly of: number;
  readonly exceptions: readonly string[];
}

/** Runs the script in each cell, three at a time. Calls `onCell` as cells are filled. */
export async function prove(lab: Lab, onCell: (cell: Cell) => void): Promise<readonly Cell[]> {
  const waiting = MODES.flatMap((mode) => SESSIONS.map((session) => ({ mode, session })));
  const cells: Cell[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const cell = await fill(lab, next.mode, next.session, (begun) => onCell(begun));
      cells.push(cell);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return cells;
}

async function fill(lab: Lab, mode: Mode, session: SessionChoice, onTurn: (cell: Cell) => void): Promise<Cell> {
  const runs: Run[] = [];
  for (const question of SCRIPT) {
    const run = new Run(question, { ...DEFAULTS, mode, session }, `proof ${mode} ${session} ${lab.proofs}`);
    const sessionId = runs.at(-1)?.sessionId ?? null;
    runs.push(run);
    onTurn({ mode, session, runs: [...runs] });
    await lab.experiment(run, sessionId);
  }
  return { mode, session, runs };
}

/** How the bytes of an answer arrived, judged by ratios so that a slow machine makes no difference. */
export function clockShape({ state, connectionEndMs, firstMs, totalMs }: Run): string {
  if (state !== 'done' || totalMs === null || firstMs === null) return state;
  if ((connectionEndMs ?? totalMs) < 0.6 * totalMs) return 'after the connection had closed';
  return firstMs > 0.85 * totalMs ? 'all at the end' : 'word by word';
}

/** What the second turn sent. */
export function stackShape({ runs }: Cell): string {
  const blocks = runs.at(-1)?.requests[0]?.blocks ?? [];
  return blocks.map(({ role, preview }) => `${role}: ${preview}`).join(' | ');
}

/** Along a row the session changes: the clock does not. */
export function rowFact(cells: readonly Cell[]): Fact {
  return factOf(
    MODES,
    cells,
    ({ mode }) => mode,
    ({ runs: [first] }) => (first === undefined ? '' : clockShape(first)),
  );
}

/** Along a column the mode changes: the stack does not. */
export function columnFact(cells: readonly Cell[]): Fact {
  return factOf(SESSIONS, cells, ({ session }) => session, stackShape);
}

function factOf<Line extends string>(
  lines: readonly Line[],
  cells: readonly Cell[],
  lineOf: (cell: Cell) => Line,
  shapeOf: (cell: Cell) => string,
): Fact {
  const exceptions = lines.flatMap((line) => {
    const shapes = new Set(cells.filter((cell) => lineOf(cell) === line).map(shapeOf));
    return shapes.size === 1 ? [] : [`${line}: ${[...shapes].map((shape) => `"${shape}"`).join(' and ')}`];
  });
  return { holds: lines.length - exceptions.length, of: lines.length, exceptions };
}
