import { expect, test } from 'vitest';
import { every, holdOpenAfterEnd, resetAfter, stallAfter, truncateAfter, whole } from '../../src/index.ts';
import { type BodyOptions, encodeText, planBody } from '../../src/wire/body-plan.ts';

/** An opening frame, three chunks and an end mark. */
const pieces = ['open', 'one', 'two', 'three', 'end'].map((text) => ({
  bytes: encodeText(text),
  isChunk: !['open', 'end'].includes(text),
}));
const pace = { firstChunkDelayMs: 300, chunkDelayMs: 40 };

function writesOf(options: BodyOptions): [text: string, delayMs: number, chunksSent: number][] {
  const { writes } = planBody(pieces, options);
  return writes.map(({ bytes, delayMs, chunksSent }) => [Buffer.from(bytes).toString('utf8'), delayMs, chunksSent]);
}

test('the first chunk and the later ones have their own waits, frames without text none', () => {
  expect(writesOf(pace)).toEqual([
    ['open', 0, 0],
    ['one', 300, 1],
    ['two', 40, 2],
    ['three', 40, 3],
    ['end', 0, 3],
  ]);
});

test('a network chunk waits for the pieces that begin in it and counts those that end in it', () => {
  expect(writesOf({ ...pace, cuts: whole })).toEqual([['openonetwothreeend', 380, 3]]);
  expect(writesOf({ ...pace, cuts: every(8) })).toEqual([
    ['openonet', 340, 1],
    ['wothreee', 40, 3],
    ['nd', 0, 3],
  ]);
});

test('a fault ends the body at its position and in its way', () => {
  const faults = [
    truncateAfter({ chunks: 1 }),
    resetAfter({ bytes: 5 }),
    stallAfter({ frames: 1 }),
    resetAfter({ bytes: 99 }),
    holdOpenAfterEnd(),
    undefined,
  ];

  const plans = faults.map((fault) => {
    const { writes, ending } = planBody(pieces, { cuts: whole, fault });
    return [Buffer.concat(writes.map((write) => write.bytes)).toString('utf8'), ending];
  });

  expect(plans).toEqual([
    ['openone', 'end'],
    ['openo', 'reset'],
    ['open', 'silence'],
    ['openonetwothreeend', 'reset'],
    ['openonetwothreeend', 'silence'],
    ['openonetwothreeend', 'end'],
  ]);
});

test('a fault past the end of the body adds no network chunk', () => {
  const { writes } = planBody(pieces, { fault: resetAfter({ bytes: 99 }) });

  expect(writes).toHaveLength(pieces.length);
});
