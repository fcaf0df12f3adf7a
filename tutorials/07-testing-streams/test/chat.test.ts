import { expect, test } from 'vitest';
import { openGoodChat } from '../planted-bugs.ts';
import { checks } from './checks.ts';

test.each(Object.entries(checks))('the chat %s', async (_, check) => {
  const checked = check(openGoodChat);

  await expect(checked).resolves.toBeUndefined();
});
