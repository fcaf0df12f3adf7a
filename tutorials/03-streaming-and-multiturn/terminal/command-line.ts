// The arguments of `node main.ts`: questions, or none for a chat.
import { parseArgs } from 'node:util';

const USAGE = `Usage: node main.ts [question ...]

  node main.ts "What is Python in one line?" "How old is it?"   asks these on one session
  node main.ts                                                  asks what you type; an empty line leaves (also from a pipe)
  node main.ts --chat                                           asks what you type; /quit leaves
`;

export interface CommandLine {
  /** None for a chat. */
  readonly questions: readonly string[];
  /** As in the article, whose chat ends at an empty line. */
  readonly leavesAtEmptyLine: boolean;
}

/** Ends the process after `--help` (0) and misuse (2). */
export function readCommandLine(args: readonly string[]): CommandLine {
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
    // pnpm passes the `--` of `pnpm start -- --chat` on, and what follows one is not an option.
    const isChat = values.chat === true || positionals.includes('--chat');
    return { questions: isChat ? [] : positionals, leavesAtEmptyLine: !isChat };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${USAGE}`);
    process.exit(2);
  }
}
