// Approval: a run that pauses before a tool and continues with your decision.
import {
  type Agent,
  type AgentResponse,
  type AgentSession,
  type ApprovalRequest,
  approve,
  reject,
  type Tool,
} from '@turnstream/core';
import { weatherTool } from './weather-tool.ts';

/** A tool is plain data: this is the weather tool, but every call needs approval. */
export const guardedWeather: Tool<{ city: string }> = { ...weatherTool, approval: 'always' };

/** Asks a question and gets approval for each call that needs it, over as many runs as that takes. */
export async function runWithConsent(
  agent: Agent,
  question: string,
  session: AgentSession,
  isAllowed: (request: ApprovalRequest) => Promise<boolean>,
): Promise<AgentResponse> {
  let response = await agent.run(question, { session });
  while (response.approvals.length > 0) {
    const decisions = [];
    for (const request of response.approvals) {
      decisions.push((await isAllowed(request)) ? approve(request) : reject(request));
    }
    response = await agent.run(decisions, { session });
  }
  return response;
}
