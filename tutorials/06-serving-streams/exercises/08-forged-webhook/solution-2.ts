// A webhook has the same id on each delivery, and `seen` records it.
import { type Agent, AgentError } from '@turnstream/core';
import { unwrapWebhook } from '@turnstream/openai';

/** Of the webhooks of the last ten minutes; in a shop with several servers, a table. */
const seenIds = new Set<string>();

export interface Shop {
  readonly agent: Agent;
  /** Shared with the model's service. */
  readonly secret: string;
  /** The stored tokens of the open runs, by the service's id of the response. */
  readonly runs: Map<string, unknown>;
  readonly mail: (text: string) => void;
}

/** Resolves with the HTTP status of the answer. */
export async function onWebhook(
  body: string,
  headers: Readonly<Record<string, string>>,
  { agent, secret, runs, mail }: Shop,
): Promise<number> {
  try {
    const webhook = await unwrapWebhook(secret, body, headers, { seen });
    const token = runs.get(webhook?.responseId ?? '');
    if (token === undefined) return 204;
    const answer = await agent.resumeBackground(token).wait();
    mail(answer.text);
    return 204;
  } catch (error) {
    if (error instanceof AgentError && error.code === 'webhook_invalid') return 400;
    throw error;
  }
}

function seen(id: string): boolean {
  const isKnown = seenIds.has(id);
  seenIds.add(id);
  return isKnown;
}
