// The secrets that callbacks are signed with, checked before first use.
import { AgentError } from '@turnstream/core';
import { Webhook } from 'standardwebhooks';

/**
 * `whsec_` and the base64 of 24 to 64 random bytes, which receivers verify with: one secret for all of them, or a function
 * that returns the secret for a callback URL. Standard Webhooks recommends one per receiver: anyone who holds a shared
 * secret can forge our signature to the other receivers.
 */
export type CallbackSecret = string | ((callbackUrl: URL) => string | Promise<string>);

const PREFIX = 'whsec_';
/** Standard Webhooks 1.0.0, "Signature scheme". */
const MIN_BYTES = 24;
const MAX_BYTES = 64;

/** The signer for each callback URL. Throws `config_invalid` for a malformed secret: a function's only when it is used. */
export function callbackSigners(secret: CallbackSecret): (callbackUrl: string) => Promise<Webhook> {
  if (typeof secret === 'function') return async (callbackUrl) => callbackSigner(await secret(new URL(callbackUrl)));
  const only = callbackSigner(secret);
  return async () => only;
}

/**
 * Signs as Standard Webhooks says, by HMAC-SHA256. `secret` is `whsec_` and the base64 of 24 to 64 random bytes.
 *
 * Throws `config_invalid`, without the secret.
 */
export function callbackSigner(secret: string): Webhook {
  const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '';
  const key = Buffer.from(encoded, 'base64');
  if (key.length < MIN_BYTES || key.length > MAX_BYTES || key.toString('base64') !== encoded) {
    throw new AgentError(
      'config_invalid',
      `The secret for callbacks is malformed. It must be "${PREFIX}" and the base64 of ${MIN_BYTES} to ${MAX_BYTES} random bytes.`,
    );
  }
  return new Webhook(secret);
}
