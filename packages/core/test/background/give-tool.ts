// Background runs with one tool, and what the service answers to them.
import * as z from 'zod';
import { type Tool, tool } from '../../src/index.ts';
import type { ScriptedResponse } from '../scripted-background.ts';
import { call, finished, text, wantsTools } from '../scripted-client.ts';

export function giveTool(execute: () => unknown = () => 'here', approval: 'never' | 'always' = 'never'): Tool {
  return tool({ name: 'give', description: 'Gives.', parameters: z.object({}), execute, approval });
}

export const asksTool: ScriptedResponse = {
  looks: ['queued', 'completed'],
  answer: [text('Look: '), text('now. '), call('c1', 'give', '{}'), wantsTools],
};
export const answers: ScriptedResponse = { looks: ['queued', 'completed'], answer: [text('Given.'), finished] };
