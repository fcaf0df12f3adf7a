// Links in the repository's pages, for the site: to another page they stay inside, to a source file they lead to the repository.
import { existsSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { routeOf } from './routes.ts';

export const REPOSITORY = 'https://github.com/turnstream/turnstream';

/** The target of a link as it must stand on the site. `file` is the page that holds it, from the root of the repository. */
export function siteTarget(target: string, file: string, root: string): string {
  if (/^(?:[a-z]+:|\/|#)/.test(target)) return target;
  const [path = '', anchor] = target.split('#');
  const fragment = anchor === undefined ? '' : `#${anchor}`;
  const wanted = posix.normalize(posix.join(posix.dirname(file), decodeURI(path))).replace(/\/$/, '');
  const page = pageOf(wanted, root);
  if (page !== null) return `/${page}${fragment}`;
  return `${REPOSITORY}/${isFolder(wanted, root) ? 'tree' : 'blob'}/main/${wanted}${fragment}`;
}

/** A link to a folder leads to its README. */
function pageOf(path: string, root: string): string | null {
  const file = isFolder(path, root) ? posix.join(path, 'README.md') : path;
  return existsSync(join(root, file)) ? routeOf(file) : null;
}

function isFolder(path: string, root: string): boolean {
  return statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() === true;
}
