import { exercise } from '@turnstream/learn/check';
import { type OpenChat, openRightChat, type Pieces, withPieces } from '../chats.ts';
import { expectToFind } from '../run-test.ts';
import type * as Problem from './problem.ts';

export const check = exercise<typeof Problem>(async ({ load }) => {
  const { test } = await load('test');

  await expectToFind<OpenChat>(test, openRightChat, {
    'waits for the whole answer': changed((pieces) => [pieces.join('')]),
    'joins the first two pieces': changed(([first = '', second = '', ...rest]) => [first + second, ...rest]),
    'loses the last piece': changed((pieces) => pieces.slice(0, -1)),
    'says a piece twice': changed(([first = '', ...rest]) => [first, first, ...rest]),
    'ends each piece with a line break': changed((pieces) => pieces.map((piece) => `${piece}\n`)),
  });
});

function changed(change: (pieces: readonly string[]) => readonly string[]): OpenChat {
  return withPieces(async function* changedPieces(pieces: Pieces): Pieces {
    const all = await Array.fromAsync(pieces, ({ text }) => text);
    for (const text of change(all.filter((piece) => piece !== ''))) yield { text };
  });
}
