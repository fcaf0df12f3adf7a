// The frames of an answer that goes on without a reader.
import { expect, test } from 'vitest';
import type { AnswerStream } from '../../src/sse/answer-events.ts';
import { LiveAnswer } from '../../src/turn/live-answer.ts';

test('a reader that comes before the first frame gets it, then what the answer continues', async () => {
  const answer = new LiveAnswer({} as AnswerStream, 'before ');
  const reading = Array.fromAsync(answer.replay(new AbortController().signal));

  for (const frame of ['start ', 'text ']) answer.push(frame);
  answer.end();

  expect((await reading).join('')).toBe('start before text ');
});
