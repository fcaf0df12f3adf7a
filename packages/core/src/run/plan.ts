// What one run is made of, and the request that comes of it.

import type { StandardSchema } from '../checked/standard-schema.ts';
import type { OpenHistory } from '../history/source.ts';
import type { Message } from '../message/message.ts';
import type { Middleware } from '../middleware/middleware.ts';
import type { ChatClient } from '../model/chat-client.ts';
import type { ChatRequest, ToolChoice } from '../model/request.ts';
import type { CallSettings } from '../model/settings.ts';
import type { AgentSession } from '../session/session.ts';
import type { OnToolError } from '../tools/run-calls.ts';
import type { Tool } from '../tools/tool.ts';
import type { RunLimits } from './limits.ts';
import { declareOutput } from './output.ts';

/** What an interrupted turn leaves in the history. */
export type OnIncomplete = 'discard' | 'keep';

export interface RunPlan<Value> {
  readonly client: ChatClient;
  readonly settings: CallSettings;
  readonly stream: boolean;
  readonly name: string | null;
  readonly instructions: string | null;
  readonly question: readonly Message[];
  readonly session: AgentSession | null;
  readonly history: OpenHistory;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly toolChoice: ToolChoice;
  readonly onToolError: OnToolError | null;
  readonly output: StandardSchema<Value> | null;
  readonly limits: RunLimits;
  readonly onIncomplete: OnIncomplete;
  readonly signal: AbortSignal | null;
  readonly middleware: readonly Middleware[];
}

/** The run's first model call. */
export function toRequest<Value>(plan: RunPlan<Value>, messages: readonly Message[], signal: AbortSignal): ChatRequest {
  const tools = [...plan.tools.values()].map(({ name, description, parameters, strict }) => ({
    name,
    description,
    parameters,
    ...(strict ? { strict } : {}),
  }));
  return {
    messages,
    instructions: plan.instructions,
    stream: plan.stream,
    signal,
    settings: plan.settings,
    ...(tools.length === 0 ? {} : { tools, toolChoice: plan.toolChoice }),
    ...(plan.output === null ? {} : { output: declareOutput(plan.output) }),
    ...(plan.history === 'service' ? { conversation: { id: plan.session?.serviceSessionId ?? null } } : {}),
  };
}
