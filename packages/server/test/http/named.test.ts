import { expect, test } from 'vitest';
import { named } from '../../src/http/named.ts';
import { openRig } from '../app-rig.ts';

test('a plugin gets its name where Fastify looks first', () => {
  const plugin = named(async function healthPlugin() {});

  expect(Reflect.get(plugin, Symbol.for('fastify.display-name'))).toBe('healthPlugin');
});

test('every plugin of the server has a name', async () => {
  const protocols = {
    ui: { history: 'server' },
    openai: {},
    a2a: { description: 'x' },
    agui: { history: 'server' },
    page: true,
  } as const;
  await using rig = await openRig(protocols);

  const tree = rig.app.printPlugins();

  const names = [...tree.matchAll(/^[│├└─┬ ]*(.*) \d+ ms$/gm)].map(([, name]) => name);
  expect(names).toContain('a2aMethods');
  expect(names.filter((name) => name!.includes('=>'))).toEqual([]);
});
