// What a caller declared for one run, as options of the run.
import { type RunOptions, tool } from '@turnstream/core';
import type { AskedOptions } from '../store/new-run.ts';

/** The caller's tools have no `execute`, so the run ends with their calls. Throws `config_invalid` for a tool that cannot be one. */
export function runOptionsOf({ tools, toolChoice, instructions }: AskedOptions): RunOptions {
  return {
    tools: tools.map((declared) => tool(declared)),
    toolChoice,
    ...(instructions === null ? {} : { instructions }),
  };
}
