// Where Node keeps compiled code between the many processes of a test run: beside the packages, so that a fresh install
// starts a fresh one and `git status` never sees it.
import { join } from 'node:path';

/** The value of NODE_COMPILE_CACHE for every process of a test run; one that is set already wins. */
export const compileCache: string =
  process.env['NODE_COMPILE_CACHE'] || join(import.meta.dirname, '..', 'node_modules', '.cache', 'node-compile');
