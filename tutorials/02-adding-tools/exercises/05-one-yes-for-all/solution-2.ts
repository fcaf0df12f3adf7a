// Remembers each approval with its arguments: the same refund needs no second one.
import { type Agent, type AgentResponse, type AgentSession, approve, reject } from '@turnstream/core';

/** `isAllowed` shows a text to a person, who says yes or no. */
export async function runWithConsent(
  agent: Agent,
  question: string,
  session: AgentSession,
  isAllowed: (shown: string) => Promise<boolean>,
): Promise<AgentResponse> {
  const allowed = new Set<string>();
  let response = await agent.run(question, { session });
  while (response.approvals.length > 0) {
    const decisions = [];
    for (const request of response.approvals) {
      const shown = `${request.name} ${request.arguments}`;
      const isOk = allowed.has(shown) || (await isAllowed(shown));
      if (isOk) allowed.add(shown);
      decisions.push(isOk ? approve(request) : reject(request));
    }
    response = await agent.run(decisions, { session });
  }
  return response;
}
