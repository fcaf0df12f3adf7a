import { expect, test } from 'vitest';
import { parseArguments } from '../../src/checked/call-arguments.ts';

test.each(['', '  ', '\n', '{}'])('arguments of %j mean no arguments', (text) => {
  expect(parseArguments(text)).toEqual({});
});

test.each(['null', '7', '"a"', 'true', '[]', '[{}]', '{"a":', 'undefined'])(
  'arguments of %s are not an object',
  (text) => {
    expect(parseArguments(text)).toBe(null);
  },
);
