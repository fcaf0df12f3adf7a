// What holds for the programs of all chapters, which learners start by name.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

test('every program handles an error and a closed pipe without a stack trace', () => {
  const programs = globSync('tutorials/*/package.json', { cwd: ROOT }).flatMap((manifest) => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, manifest), 'utf8')) as { scripts: Record<string, string> };
    const names = Object.values(scripts).flatMap((script) => script.match(/[\w-]+\.ts/g) ?? []);
    return names.map((name) => join(dirname(manifest), name));
  });

  const without = programs.filter((file) => !readFileSync(join(ROOT, file), 'utf8').includes('\nreportErrors();\n'));

  expect(programs.length).toBeGreaterThan(40);
  expect(without).toEqual([]);
});
