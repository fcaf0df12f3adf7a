// The command line of `learn`: a session at a terminal, or one answer and an exit code.
import { parseArgs } from 'node:util';
import { runSession } from './course/session.ts';
import { findExercises } from './exercises/find.ts';
import { checkAll, checkOne, list } from './once.ts';

const USAGE = `usage: npx -y pnpm@12 learn [option]
  (none)           opens the exercise where you left off; needs a terminal
  --list           the exercises, and which of them are done
  --check <name>   checks your file of an exercise, such as 3/2 or its name, or any file by its path
  --all            proves the exercises: problems fail, solutions pass, last hints quote the solution
  --help           this

exit codes: 0 passes, 1 does not pass, 2 could not be checked
`;

const OPTIONS = {
  list: { type: 'boolean' },
  check: { type: 'string' },
  all: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** Resolves with the exit code. `root` is the folder that holds `tutorials/` and gets `my-work/`. */
export async function learn(args: readonly string[], root: string): Promise<number> {
  // Not removed at the end: what was written may fail later. Taken off first, so that a second call adds none.
  process.stdout.off('error', ignoreClosedPipe).on('error', ignoreClosedPipe);
  try {
    const values = optionsIn(args);
    if (values.help === true) {
      process.stdout.write(USAGE);
      return 0;
    }
    const exercises = findExercises(root);
    if (values.all === true) return await checkAll(exercises);
    if (values.check !== undefined) return await checkOne(values.check, exercises, root);
    if (values.list === true) return list(exercises, root);
    if (!process.stdin.isTTY || !process.stdout.isTTY) throw new Error(`An exercise opens in a terminal.\n\n${USAGE}`);
    await runSession(exercises, root);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
}

/** A reader that closes the pipe early (`learn --list | head`) changes neither the result nor the exit code. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function optionsIn(args: readonly string[]): ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'] {
  try {
    // pnpm passes on the `--` that separates its options from ours.
    return parseArgs({ args: args.filter((arg) => arg !== '--'), options: OPTIONS }).values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`, { cause: error });
  }
}
