import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { programOf } from '../src/programs.ts';
import { importsOf, withEdit } from '../src/run/program.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const CHAPTER = 'tutorials/01-first-agent/README.md';
const SHOWN =
  "export const INSTRUCTIONS = 'You are a concise geography assistant. Keep answers to one short sentence.';";

test('a program is its entry and what that imports, with the edited code in its file', () => {
  const attributes = new Map([
    ['source', 'first-agent.ts#INSTRUCTIONS'],
    ['run', 'main.ts'],
  ]);

  const program = programOf(root, CHAPTER, attributes, SHOWN);
  const files = withEdit(program, "export const INSTRUCTIONS = '$& in capitals';");

  expect(Object.keys(files)).toEqual(['tutorials/01-first-agent/main.ts', 'tutorials/01-first-agent/first-agent.ts']);
  expect(files[program.shown]).toContain("export const INSTRUCTIONS = '$& in capitals';\n");
  expect(files[program.shown]).not.toContain('geography');
});

test('a program that needs Node is refused with the import that needs it', () => {
  const attributes = new Map([
    ['source', 'image.ts'],
    ['run', 'image.ts'],
  ]);

  expect(() => programOf(root, CHAPTER, attributes, '')).toThrow(
    `${CHAPTER}: tutorials/01-first-agent/image.ts cannot run in a tab: tutorials/01-first-agent/image.ts imports "node:fs/promises"`,
  );
});

test('a program that does not contain the code on the page is refused', () => {
  const attributes = new Map([
    ['source', 'first-agent.ts'],
    ['run', 'main.ts'],
  ]);

  expect(() => programOf(root, CHAPTER, attributes, 'const unknown = 1;')).toThrow('does not run the code on the page');
});

test('imports are read over several lines, and those of types are told apart', () => {
  const source = `import {\n  a,\n  type B,\n} from './a.ts';\nimport type { C } from 'c';\nexport * from './d.ts';\nimport './e.css';\nconst text = "import x from 'y'";\n`;

  expect(importsOf(source)).toEqual([
    { name: './a.ts', isType: false },
    { name: 'c', isType: true },
    { name: './d.ts', isType: false },
    { name: './e.css', isType: false },
  ]);
});
