// The two facts of the grid, computed from what runs looked like.
import { expect, test } from 'vitest';
import { type Cell, clockShape, columnFact, rowFact } from '../src/page/experiments/proof.ts';
import { Run } from '../src/page/run/run.ts';
import { DEFAULTS, MODES, type Mode, SESSIONS, type SessionChoice } from '../src/page/settings.ts';

/** When the connection closed, when the first word came, and when all was there. */
const TIMES: Readonly<Record<Mode, readonly [number, number, number]>> = {
  full: [1_000, 990, 1_000],
  streaming: [1_000, 300, 1_000],
  background: [40, 1_000, 1_000],
};

function runOf(mode: Mode, sent: readonly string[], [closed, first, total] = TIMES[mode]): Run {
  const run = new Run('Why?', { ...DEFAULTS, mode });
  run.state = 'done';
  run.connectionEndMs = closed;
  run.firstMs = first;
  run.totalMs = total;
  const blocks = sent.map((preview) => ({ role: 'user', kind: 'text', chars: preview.length, preview }));
  run.requests.push({ instructions: null, blocks, atMs: 0 });
  return run;
}

function cellOf(mode: Mode, session: SessionChoice): Cell {
  const sent = session === 'same' ? ['first', 'answer', 'second'] : ['second'];
  return { mode, session, runs: [runOf(mode, ['first']), runOf(mode, sent)] };
}

const grid: readonly Cell[] = MODES.flatMap((mode) => SESSIONS.map((session) => cellOf(mode, session)));

test('nine cells as they should be: both facts hold', () => {
  expect(rowFact(grid)).toEqual({ holds: 3, of: 3, exceptions: [] });
  expect(columnFact(grid)).toEqual({ holds: 3, of: 3, exceptions: [] });
});

test('one cell that sends another conversation: the column it is in does not hold', () => {
  const leaky = {
    ...cellOf('streaming', 'new'),
    runs: [runOf('streaming', ['first']), runOf('streaming', ['first', 'second'])],
  };

  const fact = columnFact(grid.map((cell) => (cell.mode === 'streaming' && cell.session === 'new' ? leaky : cell)));

  expect(fact).toEqual({
    holds: 2,
    of: 3,
    exceptions: [
      'session new (full and background: 1 message, the first "second"; streaming: 2 messages, the first "first")',
    ],
  });
});

test('one cell whose words come all at the end: the row it is in does not hold', () => {
  const buffered = { ...cellOf('streaming', 'none'), runs: [runOf('streaming', ['first'], [1_000, 990, 1_000])] };

  const fact = rowFact(grid.map((cell) => (cell.mode === 'streaming' && cell.session === 'none' ? buffered : cell)));

  expect(fact).toEqual({
    holds: 2,
    of: 3,
    exceptions: ['mode streaming (none: all at the end; same and new: word by word)'],
  });
});

test('a machine ten times slower changes no shape', () => {
  const shapes = MODES.map((mode) =>
    clockShape(runOf(mode, [], TIMES[mode].map((ms) => 10 * ms) as [number, number, number])),
  );

  expect(shapes).toEqual(['all at the end', 'word by word', 'after the connection had closed']);
});

test('a run that failed has the shape of its end', () => {
  const run = runOf('full', []);
  run.state = 'failed';

  expect(clockShape(run)).toBe('failed');
});
