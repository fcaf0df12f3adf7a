// What one run is made of, and the request that comes of it.

import type { StandardSchema } from '../checked/standard-schema.ts';
import type { OpenHistory } from '../history/source.ts';
import type { Message } from '../message/message.ts';
import type { Middleware } from '../middleware/middleware.ts';
import type { ChatClient } from '../model/chat-client.ts';
import { withMissingResults } from '../model/replay.ts';
import type { ChatRequest, ToolChoice } from '../model/request.ts';
import type { CallSettings } from '../model/settings.ts';
import type { AgentSession } from '../session/session.ts';
import { isApprovalAnswer } from '../tools/approval.ts';
import type { OnToolError } from '../tools/run-calls.ts';
import type { Tool } from '../tools/tool.ts';
import type { RunLimits } from './limits.ts';
import { declareOutput } from './output.ts';
import type { TurnStart } from './turn.ts';

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
export function toRequest<Value>(plan: RunPlan<Value>, start: TurnStart, signal: AbortSignal): ChatRequest {
  const tools = [...plan.tools.values()].map(({ name, description, parameters, strict }) => ({
    name,
    description,
    parameters,
    ...(strict ? { strict } : {}),
  }));
  return {
    messages: messagesOf(plan, start),
    instructions: plan.instructions,
    stream: plan.stream,
    signal,
    settings: plan.settings,
    ...(tools.length === 0 ? {} : { tools }),
    ...(tools.length === 0 && plan.toolChoice === 'auto' ? {} : { toolChoice: plan.toolChoice }),
    ...(plan.output === null ? {} : { output: declareOutput(plan.output) }),
    ...(plan.history === 'service' ? { conversation: { id: plan.session?.serviceSessionId ?? null } } : {}),
  };
}

/** The service holds the calls of earlier answers and refuses a request that leaves one of them without a result. */
function messagesOf<Value>(
  { history, question }: RunPlan<Value>,
  { messages, pending }: TurnStart,
): readonly Message[] {
  if (history !== 'service' || question.some(isApprovalAnswer)) return messages;
  return withMissingResults(pending, messages);
}
