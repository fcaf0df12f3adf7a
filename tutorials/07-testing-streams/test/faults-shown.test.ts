import { expect, test } from 'vitest';
import { tell, ways } from '../faults-shown.ts';

test.each([
  ['as it should be', 'Python is a language.', 'whole'],
  ['every byte by itself', 'Python is a language.', 'whole'],
  ['ends too early', 'Python is a ', 'stream_truncated'],
  ['connection breaks', 'Python is a ', 'stream_truncated'],
  ['half a frame', 'Python is a ', 'stream_malformed'],
  ['falls silent, and the reader leaves', 'Python is a ', 'left; the model saw it'],
])('an answer told in the way "%s" is read as %j and ends as %j', async (way, read, end) => {
  const seen = await tell(ways[way]!);

  expect(seen).toEqual({ read, end });
});
