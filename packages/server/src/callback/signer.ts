// The secrets that callbacks are signed with, checked before the first of them is used.
import { AgentError } from '@turnstream/core';
import { Webhook } from 'standardwebhooks';

/**
 * `whsec_` and the base64 of 24 to 64 random bytes, which receivers verify with: one for all of them, or a function that
 * returns the one of a callback URL. Standard Webhooks recommends one for each receiver: who has a shared one can sign
 * what another receiver takes for ours.
 */
export type CallbackSecret = string | ((callbackUrl: URL) => string | Promise<string>);

const PREFIX = 'whsec_';
/** Standard Webhooks 1.0.0, "Signature scheme". */
const MIN_BYTES = 24;
const MAX_BYTES = 64;

/** The signer of each callback URL. Throws `config_invalid` at once for a malformed secret, and for a function's in use. */
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
