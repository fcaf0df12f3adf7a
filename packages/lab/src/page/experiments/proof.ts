// The proof: nine pairs of turns, and the two facts that their data confirm or refute.
import { count, type InspectedContent } from '@turnstream/server/chat';
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
export function stackShape(cell: Cell): string {
  return blocksOf(cell)
    .map(({ role, preview }) => `${role}: ${preview}`)
    .join(' | ');
}

function blocksOf({ runs }: Cell): readonly InspectedContent[] {
  return runs.at(-1)?.requests[0]?.blocks ?? [];
}

/** Along a row the session changes: the clock does not. */
export function rowFact(cells: readonly Cell[]): Fact {
  const shapeOf = ({ runs: [first] }: Cell): string => (first === undefined ? '' : clockShape(first));
  return factOf({ cells, line: 'mode', shapeOf, describe: shapeOf });
}

/** Along a column the mode changes: the stack does not. */
export function columnFact(cells: readonly Cell[]): Fact {
  const describe = (cell: Cell): string => {
    const blocks = blocksOf(cell);
    return `${count(blocks.length, 'message')}, the first "${blocks[0]?.preview ?? ''}"`;
  };
  return factOf({ cells, line: 'session', shapeOf: stackShape, describe });
}

interface Claim {
  readonly cells: readonly Cell[];
  /** What the cells of one line share. */
  readonly line: 'mode' | 'session';
  /** Equal for all cells of a line, if the fact holds there. */
  readonly shapeOf: (cell: Cell) => string;
  readonly describe: (cell: Cell) => string;
}

function factOf({ cells, line, shapeOf, describe }: Claim): Fact {
  const across = line === 'mode' ? 'session' : 'mode';
  const lines = Map.groupBy(cells, (cell) => cell[line]);
  const exceptions = [...lines].flatMap(([name, ofLine]) => {
    const kinds = [...Map.groupBy(ofLine, shapeOf).values()];
    const groups = kinds.map(
      (alike) => `${alike.map((cell) => cell[across]).join(' and ')}: ${alike.slice(0, 1).map(describe).join('')}`,
    );
    return kinds.length === 1 ? [] : [`${line} ${name} (${groups.join('; ')})`];
  });
  return { holds: lines.size - exceptions.length, of: lines.size, exceptions };
}
