import { expect, test } from 'vitest';
import { mockModel, reply } from '../../src/index.ts';

test('a test that fails before its script is used up shows its own failure as the cause', () => {
  const failing = (): void => {
    using _model = mockModel(reply('A'));
    throw new Error('the test failed');
  };

  expect(failing).toThrow(
    expect.objectContaining({
      cause: new Error('the test failed'),
      error: new Error('The script and the calls it received differ:\n- step 1 of 1 was never used: reply("A")'),
    }),
  );
});

test('in compiled `using`, the message shows both failures, the test’s first', () => {
  mockModel()[Symbol.dispose]();
  const error = new SuppressedError(new Error('the script was not used up'), new Error('the test failed'));

  expect(error.message).toBe('the test failed\n\nand then, leaving the scope: the script was not used up');
});

test('an error that has a message keeps it', () => {
  const error = new SuppressedError(1, 2, 'its own');
  const changed = new SuppressedError(1, 2);
  changed.message = 'given later';

  expect([error.message, changed.message]).toEqual(['its own', 'given later']);
});
