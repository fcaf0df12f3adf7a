// Background runs with webhooks at both ends: the service reports to this server, this server to the shop.
import { unwrapWebhook } from '@turnstream/openai';
import { type AppOptions, createApp } from '@turnstream/server';
import type { FastifyInstance } from 'fastify';
import { Webhook } from 'standardwebhooks';

export interface Secrets {
  /** The service's signing secret, `whsec_...`, for `POST /webhooks/model`. */
  readonly model: string;
  /** Signs what this server sends to a run's `callbackUrl`. */
  readonly callbacks: string;
}

/** `allowLoopback` is for a shop that runs on your machine too. */
export async function reportServer(
  options: AppOptions,
  secrets: Secrets,
  { allowLoopback = false } = {},
): Promise<FastifyInstance> {
  return createApp({
    ...options,
    webhook: (rawBody, headers) => unwrapWebhook(secrets.model, rawBody, headers),
    callbacks: { secret: secrets.callbacks, allowLoopback },
  });
}

/** What a callback says of a run: `run.completed`, `run.failed` and so on, without the answer. */
export interface RunEnded {
  readonly type: string;
  readonly data: { readonly runId: string; readonly state: string };
}

/** For the shop's route. Throws unless this server sent it in the last five minutes: answer that with 400. */
export function verifiedCallback(secret: string, rawBody: string, headers: Record<string, string>): RunEnded {
  return new Webhook(secret).verify(rawBody, headers) as RunEnded;
}
