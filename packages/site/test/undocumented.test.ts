import { expect, test } from 'vitest';
import { type Reflection, undocumented } from '../src/undocumented.ts';

const FUNCTION = 64;
const INTERFACE = 256;
const REFERENCE = 4_194_304;
const comment = { summary: [{ kind: 'text', text: 'What it does.' }] };

function project(...names: readonly Reflection[]): Reflection {
  return { name: 'API', kind: 1, children: [{ name: 'core', kind: 2, children: names }] };
}

test('an exported name without a description is named with its entry', () => {
  const api = project(
    { name: 'Agent', kind: INTERFACE, comment },
    { name: 'Limits', kind: INTERFACE },
    { name: 'tool', kind: FUNCTION, signatures: [{ name: 'tool', kind: 4096 }] },
  );

  expect(undocumented(api)).toEqual(['core: Limits', 'core: tool']);
});

test('the description of a function is that of a signature, and a name from another entry needs none', () => {
  const api = project(
    { name: 'tool', kind: FUNCTION, signatures: [{ name: 'tool', kind: 4096, comment }] },
    { name: 'Agent', kind: REFERENCE },
  );

  expect(undocumented(api)).toEqual([]);
});
