// Makes what a page loads smaller: 40 % of it is comments, indentation, line ends, and the spaces where types stood.

/** The same program: spaces after a name or a bracket are not part of a text, nor is the end of a line after a bracket. */
export function compact(module: string): string {
  const code = module.replace(/^[ \t]*(?:\/\/.*|\/\*\*[^]*?\*\/[ \t]*)\n/gm, '').replace(/[ \t]*\n\s*/g, '\n');
  return code
    .replace(/(?<=[\w)\],]) {2,}/g, ' ')
    .replace(/(?<=[\w)\]}]) (?=[,;)])|(?<=\)) (?=\{)/g, '')
    .replace(/(?<=[([{,])\n/g, '')
    .replace(/,?\n(?=[)\]}])/g, '');
}
