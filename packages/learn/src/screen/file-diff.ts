// A line diff of two versions of a short file, with context.
import { diff } from 'node:util';
import type { Paint } from './window.ts';

/** Unchanged lines shown around a change. */
const AROUND = 3;

/** Lines of `from` that `to` lacks begin with `-`, new ones with `+`. Empty when they are the same. */
export function fileDiff(from: string, to: string, paint: Paint): string[] {
  const entries = diff(from.trimEnd().split('\n'), to.trimEnd().split('\n'));
  const changes = entries.flatMap(([operation], index) => (operation === 0 ? [] : [index]));
  const isNear = (index: number): boolean => changes.some((change) => Math.abs(change - index) <= AROUND);
  return entries.flatMap(([operation, line], index) => {
    if (operation === 1) return [paint('red', `- ${line}`)];
    if (operation === -1) return [paint('green', `+ ${line}`)];
    if (isNear(index)) return [paint('dim', `  ${line}`)];
    // One mark for each omitted section.
    return changes.length > 0 && (index === 0 || isNear(index - 1)) ? [paint('dim', '  …')] : [];
  });
}
