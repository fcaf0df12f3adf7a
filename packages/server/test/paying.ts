// A tool that pays, for tests of approvals: it runs only with consent, and notes what it paid.
import { type Tool, tool } from '@turnstream/core';
import * as z from 'zod';

export interface Paying {
  readonly pay: Tool;
  /** In euros, in order. */
  readonly paid: readonly number[];
}

export function paying(before: () => Promise<void> | void = () => {}): Paying {
  const paid: number[] = [];
  const pay = tool({
    name: 'pay',
    description: 'Pays.',
    parameters: z.object({ euros: z.number() }),
    approval: 'always',
    execute: async ({ euros }) => {
      await before();
      paid.push(euros);
      return `paid ${euros}`;
    },
  });
  return { pay, paid };
}

/** The arguments as the model writes them, and as they have to come back. */
export const five = '{"euros": 5}';

export const approved = [{ callId: 'call_1', arguments: five, approved: true }];
export const rejected = [{ callId: 'call_1', arguments: five, approved: false }];
