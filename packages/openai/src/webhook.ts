// A webhook of the service: proof that it sent it, once, and what it is about.
import { AgentError } from '@turnstream/core';
import { asObject, asText, redactorFor, safeCause } from '@turnstream/core/seams';
import { OpenAI } from 'openai';

/** A verified webhook. It says that something happened to a response; poll the run to learn what. */
export interface Webhook {
  /** The same however often it is delivered. */
  readonly webhookId: string;
  /** Such as `response.completed`, `response.failed`, `response.cancelled` or `response.incomplete`. */
  readonly type: string;
  /** The response it is about, which is the `id` of a background run; null for an event of another kind. */
  readonly responseId: string | null;
}

/** Options of `unwrapWebhook`. */
export interface WebhookOptions {
  /**
   * Records the id of a webhook and returns whether it was already recorded, atomically, for example with an insert
   * that may find a row. Called only for verified webhooks; its errors are rethrown. Keep ids for at least ten minutes.
   */
  readonly seen?: ((webhookId: string) => boolean | Promise<boolean>) | undefined;
}

/** Header names in any case. */
export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/** The service's signature is good for this long, before and after; an older one may be a replay. */
const WINDOW_SECONDS = 300;

/**
 * Verifies a webhook with the SDK's own check: the signature over the raw body (the received bytes, before any JSON
 * parser), at most five minutes old. Resolves with null if `seen` returns true. `from` is the signing secret of the
 * webhook, or a client of the SDK that has it.
 *
 * Rejects with `webhook_invalid` if the webhook cannot be verified: answer it with 400. Rejects with `config_invalid`
 * without a secret.
 */
export async function unwrapWebhook(
  from: string | OpenAI,
  rawBody: string | Uint8Array,
  headers: WebhookHeaders,
  { seen }: WebhookOptions = {},
): Promise<Webhook | null> {
  const secret = typeof from === 'string' ? from : (from.webhookSecret ?? '');
  if (secret === '') {
    throw new AgentError('config_invalid', 'There is no webhook secret. Pass it, or set webhookSecret on the client.');
  }
  const sent = headersOf(headers);
  const body = textOf(rawBody);
  await checkSignature(from, secret, body, sent);
  const event = asObject(parsed(body));
  const webhookId = sent.get('webhook-id');
  const type = asText(event?.['type']);
  if (webhookId === null || webhookId === '' || type === null)
    throw invalid('The signature is valid, but the body is not an event.');
  if ((await seen?.(webhookId)) === true) return null;
  const about = asText(asObject(event?.['data'])?.['id']);
  return { webhookId, type, responseId: type.startsWith('response.') ? about : null };
}

async function checkSignature(from: string | OpenAI, secret: string, body: string, headers: Headers): Promise<void> {
  // Nothing is sent with it, so the key is never used.
  const sdk = typeof from === 'string' ? new OpenAI({ apiKey: 'unused', webhookSecret: secret }) : from;
  try {
    await sdk.webhooks.verifySignature(body, headers, secret, WINDOW_SECONDS);
  } catch (error) {
    throw invalid(
      'The signature or the timestamp is not valid.',
      safeCause(error, redactorFor({ webhookSecret: secret })),
    );
  }
}

/** Undefined for text that is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Only those that count: requests over HTTP/2 also have some that `Headers` does not take. */
function headersOf(headers: WebhookHeaders): Headers {
  if (headers instanceof Headers) return headers;
  const own = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && name.toLowerCase().startsWith('webhook-')) own.set(name, String(value));
  }
  return own;
}

function textOf(rawBody: string | Uint8Array): string {
  if (typeof rawBody === 'string') return rawBody;
  if (!(rawBody instanceof Uint8Array)) throw invalid('The body has been parsed: pass the raw one.');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(rawBody);
  } catch {
    throw invalid('The body is not text.');
  }
}

function invalid(why: string, cause?: unknown): AgentError {
  const message = `This is not a webhook of the service. ${why} Answer it with 400.`;
  return new AgentError('webhook_invalid', message, cause === undefined ? {} : { cause });
}
