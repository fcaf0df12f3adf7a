import { expect, test } from 'vitest';
import { mockModel, reply } from '../../src/index.ts';

test('a test that fails before its script is used up shows both, the failure of the test first', () => {
  const failing = (): void => {
    using _model = mockModel(reply('A'));
    throw new Error('the test failed');
  };

  expect(failing).toThrow(
    `the test failed

and then, leaving the scope: The script of the model and what was asked of it differ:
- step 1 of 1 was never asked for: reply("A")`,
  );
  expect(failing).toThrow(expect.objectContaining({ cause: new Error('the test failed') }));
});

test('an error that has a message keeps it', () => {
  const error = new SuppressedError(1, 2, 'its own');
  const changed = new SuppressedError(1, 2);
  changed.message = 'given later';

  expect([error.message, changed.message, new SuppressedError(1, 2).message]).toEqual([
    'its own',
    'given later',
    '2\n\nand then, leaving the scope: 1',
  ]);
});
