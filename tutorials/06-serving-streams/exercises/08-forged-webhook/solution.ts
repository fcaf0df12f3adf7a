// Verifies the signature first, then polls the run itself.
import type { Agent } from '@turnstream/core';
import { unwrapWebhook } from '@turnstream/openai';

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
  const webhook = await unwrapWebhook(secret, body, headers).catch(() => null);
  if (webhook === null) return 400;
  const responseId = webhook.responseId ?? '';
  const token = runs.get(responseId);
  if (token === undefined) return 204;
  const answer = await agent.resumeBackground(token).wait();
  if (runs.delete(responseId)) mail(answer.text);
  return 204;
}
