// The arguments of `node main.ts`: save, load or reset, as in the series.
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const USAGE = `Usage: node main.ts save|load "question" [--file session.json]
       node main.ts reset [--file session.json]

  save, load   ask on the saved conversation, or on a new one, and save it again
  reset        delete the saved conversation
`;

export type Command =
  | { readonly verb: 'ask'; readonly question: string; readonly file: string }
  | { readonly verb: 'reset'; readonly file: string };

/** Ends the process after `--help` (0) and misuse (2). */
export function commandFrom(args: readonly string[]): Command {
  const command = parsed(args);
  if (typeof command !== 'number') return command;
  process[command === 0 ? 'stdout' : 'stderr'].write(USAGE);
  process.exit(command);
}

function parsed(args: readonly string[]): Command | 0 | 2 {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { file: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help === true) return 0;
    const [verb, question, ...rest] = positionals;
    const file = values.file ?? join(import.meta.dirname, '.sessions/session.json');
    if (verb === 'reset' && question === undefined) return { verb, file };
    if ((verb === 'save' || verb === 'load') && question !== undefined && rest.length === 0)
      return { verb: 'ask', question, file };
  } catch {
    // An unknown option.
  }
  return 2;
}
