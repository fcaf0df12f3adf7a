// Public names without a documentation comment, found without a compiler: what an editor would show nothing for.
import { dirname, join } from 'node:path';

const DECLARATION = /^export (?:declare |abstract |async )*(?:function\*?|class|const|interface|type) (\w+)/;

/** One line for each name that an entry exports and its file does not describe. */
export function undocumentedNames(entry: string, read: (file: string) => string): string[] {
  const lines = read(entry).split('\n');
  const own = lines.flatMap((line) => DECLARATION.exec(line)?.[1] ?? []);
  const passedOn = [...read(entry).matchAll(/^export (?:type )?\{([^}]*)\} from '(\.[^']+)'/gm)];
  return [
    ...own.filter((name) => !isDocumented(lines, name)).map((name) => `${entry}: ${name}: no description`),
    ...passedOn.flatMap(([, names = '', path = '']) => {
      const file = join(dirname(entry), path);
      const source = read(file);
      const declared = source.split('\n');
      return originalNames(names)
        .filter((name) => declared.some((line) => DECLARATION.exec(line)?.[1] === name))
        .filter((name) => !isDocumented(declared, name))
        .map((name) => `${file}: ${name}: no description, and ${entry} exports it`);
    }),
  ];
}

function isDocumented(lines: readonly string[], name: string): boolean {
  const at = lines.findIndex((line) => DECLARATION.exec(line)?.[1] === name);
  return lines[at - 1]?.trimEnd().endsWith('*/') === true;
}

/** Of `a, type B, c as d`: a, B, c. */
function originalNames(list: string): string[] {
  return list
    .replaceAll(/\/\/.*$/gm, '')
    .split(',')
    .map((item) =>
      item
        .trim()
        .replace(/^type /, '')
        .replace(/ as .*$/, ''),
    )
    .filter((name) => name !== '');
}
