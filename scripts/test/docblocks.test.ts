import { expect, test } from 'vitest';
import { docblockPage } from '../docs/docblocks.ts';

const SOURCE = `import { a } from './a.ts';

/** One line. */
export class Shop {
  /**
   * Asks.
   *
   * @example
   * \`\`\`ts source="examples.ts#ask"
   * if (true) {
   *   ask();
   * }
   * \`\`\`
   */
  ask(): void {}
}
const text = '\`\`\`ts source="nothing.ts"';
`;

test('an example in a documentation comment is a fence of its file, at its line, with its indents', () => {
  const { file, fences } = docblockPage('shop.ts', SOURCE);

  expect(file).toBe('shop.ts');
  expect(fences).toEqual([
    {
      line: 9,
      language: 'ts',
      attributes: new Map([['source', 'examples.ts#ask']]),
      text: 'if (true) {\n  ask();\n}',
    },
  ]);
});
