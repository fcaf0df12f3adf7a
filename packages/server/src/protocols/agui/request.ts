// Reads the requests of AG-UI clients. Each one has the whole conversation; a server that keeps the history uses what follows
// the last answer. https://docs.ag-ui.com/spec/1.0/basic/run-input
import { AgentError, type Message } from '@turnstream/core';
import { z } from 'zod';
import type { AguiOptions, InputLimits } from '../../options.ts';
import type { ServerContext } from '../../turn/context.ts';
import { joinedInstructions } from '../instructions.ts';
import { checkLength } from '../length.ts';
import { aguiMessage, toMessages } from './messages.ts';

const id = z.string().min(1).max(200);

const declaredTool = z.looseObject({
  name: z.string(),
  description: z.string().default(''),
  parameters: z.record(z.string(), z.unknown()).optional(),
});

const resumeEntry = z.looseObject({
  interruptId: id,
  status: z.enum(['resolved', 'cancelled']),
  payload: z.unknown().optional(),
});

/** Applications add members of their own, so unknown ones pass. */
export const aguiBody = z.looseObject({
  threadId: id,
  runId: id,
  parentRunId: id.optional(),
  messages: z.array(aguiMessage).max(2_000),
  tools: z.array(declaredTool).max(128).default([]),
  context: z.array(z.looseObject({ description: z.string(), value: z.string() })).default([]),
  state: z.unknown().optional(),
  resume: z.array(resumeEntry).max(200).default([]),
});

export type AguiBody = z.infer<typeof aguiBody>;

/** Messages, and those of them that no answer follows. */
export interface AguiAsked {
  readonly history: readonly Message[];
  /** Of users, and results of tools that ran at the client. */
  readonly fresh: readonly Message[];
}

/** Throws `input_invalid` for a request that this server cannot answer. */
export function readAgui(
  { messages, state }: AguiBody,
  limits: InputLimits,
  served: Pick<ServerContext, 'runsTool'>,
): AguiAsked {
  if (hasMembers(state)) {
    throw new AgentError('input_invalid', 'This agent shares no state with its clients. Send an empty `state`.');
  }
  const calls = messages.flatMap((each) => (each.role === 'assistant' ? (each.toolCalls ?? []) : []));
  const here = new Set(calls.filter((each) => served.runsTool(each.function.name)).map(({ id: callId }) => callId));
  const all = messages.flatMap((each) => toMessages(each, limits, (callId) => here.has(callId)));
  const begin = all.findLastIndex(({ role }) => role === 'assistant') + 1;
  const fresh = all.slice(begin);
  for (const each of fresh) checkLength(each, limits);
  return { history: all.slice(0, begin), fresh };
}

/** Instructions that come with the request; null for none. Throws `input_invalid` where they are not allowed. */
export function instructionsIn({ messages, context }: AguiBody, { instructions }: AguiOptions): string | null {
  const all = joinedInstructions([
    ...messages.flatMap((each) => (each.role === 'system' || each.role === 'developer' ? [each.content] : [])),
    ...context.map(({ description, value }) => `${description}: ${value}`),
  ]);
  if (all === null || instructions === 'append') return all;
  throw new AgentError(
    'input_invalid',
    'This agent has its own instructions. Leave out context, and system and developer messages.',
  );
}

function hasMembers(state: unknown): boolean {
  return state != null && (typeof state !== 'object' || Object.keys(state).length > 0);
}
