// Tools that nobody would run are refused before anybody asks.
import { tool } from '@turnstream/core';
import { expect, test } from 'vitest';
import { openRig } from '../app-rig.ts';

test('an agent whose tool has no execute is not served', async () => {
  const tools = [tool({ name: 'look', description: 'Looks.' })];

  const serving = openRig({ agent: { tools } });

  await expect(serving).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('tool "look" has no execute'),
  });
});
