// The route for the service's webhooks about a run. It verifies each one, then only polls.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { AgentError } from '@turnstream/core';
import { unwrapWebhook } from '@turnstream/openai';

export interface WebhookRoute {
  /** The signing secret that the service shows when the webhook is set up. */
  readonly secret: string;
  /** Called once per webhook, however often it is delivered. */
  readonly onMoved: (responseId: string) => Promise<void>;
}

export function webhookRoute({ secret, onMoved }: WebhookRoute) {
  const ids = new Set<string>();
  const seen = (id: string): boolean => ids.size === ids.add(id).size;

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const webhook = await unwrapWebhook(secret, await buffer(request), request.headers, { seen });
      if (webhook?.responseId != null) await onMoved(webhook.responseId);
      response.writeHead(204).end();
    } catch (error) {
      const isForged = error instanceof AgentError && error.code === 'webhook_invalid';
      response.writeHead(isForged ? 400 : 500).end();
    }
  };
}
