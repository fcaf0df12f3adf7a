import { exercise } from '@turnstream/learn/check';
import {
  type OpenChat,
  openBelievingHalf,
  openForgetfulAfterBreak,
  openRightChat,
  type Pieces,
  withPieces,
} from '../chats.ts';
import { expectToFind } from '../run-test.ts';
import type * as Problem from './problem.ts';

export const check = exercise<typeof Problem>(async ({ load }) => {
  const { test } = await load('test');

  await expectToFind<OpenChat>(test, openRightChat, {
    'takes half an answer for a whole one': withPieces(swallowErrors),
    'remembers half an answer': openBelievingHalf,
    'forgets everything after a break': openForgetfulAfterBreak,
  });
});

async function* swallowErrors(pieces: Pieces): Pieces {
  try {
    yield* pieces;
  } catch {
    // "Better to show what there is."
  }
}
