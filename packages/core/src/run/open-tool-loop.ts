// A run's plan as a tool loop: what the loop needs of it.
import type { ChatClient } from '../model/chat-client.ts';
import { answeredBatch, refuseMissingResult } from '../tools/approval.ts';
import { ToolLoop } from '../tools/loop.ts';
import { type RunPlan, toRequest } from './plan.ts';
import type { Reach } from './through-middleware.ts';
import type { TurnStart } from './turn.ts';

/** The loop of one run: over its client, or over another way to reach the model. */
export function openToolLoop<Value>(
  plan: RunPlan<Value>,
  start: TurnStart,
  client: ChatClient,
  { invoke }: Pick<Reach, 'invoke'>,
  signal: AbortSignal,
  onTools: (running: boolean) => void,
): ToolLoop {
  const { tools, session, limits, onToolError, question } = plan;
  const answered = answeredBatch(question, start.pending, tools);
  if (plan.history === 'service') refuseMissingResult(answered, tools);
  return new ToolLoop({
    client,
    request: toRequest(plan, start, signal),
    answered,
    tools,
    session,
    onToolError,
    invoke,
    signal,
    maxRounds: limits.maxToolRounds,
    maxErrorRounds: limits.maxToolErrors,
    onTools,
  });
}
