// What may stand behind `node main.ts`: questions, or nothing at all for a chat by hand.
import { parseArgs } from 'node:util';

const USAGE = `Usage: node main.ts [question ...]

  node main.ts "What is Python in one line?" "How old is it?"   asks these on one session
  node main.ts                                                  asks what you type (also from a pipe)
  node main.ts --chat                                           the same, whatever questions stand beside it
`;

/** The questions on the command line; none means a chat by hand. Ends the process after `--help` (0) and misuse (2). */
export function questionsFrom(args: readonly string[]): readonly string[] {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { chat: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help === true) {
      process.stdout.write(USAGE);
      process.exit(0);
    }
    // pnpm hands on the `--` of `pnpm start -- --chat`, and what stands behind one is no option.
    return values.chat === true || positionals.includes('--chat') ? [] : positionals;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${USAGE}`);
    process.exit(2);
  }
}
