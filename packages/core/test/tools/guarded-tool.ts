import * as z from 'zod';
import { type Tool, tool } from '../../src/index.ts';

/** A tool that runs only with consent. */
export const guarded: Tool = tool({
  name: 'remove',
  description: 'Removes.',
  parameters: z.object({}),
  approval: 'always',
  execute: () => 'removed',
});
