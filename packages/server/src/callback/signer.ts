// The secret that callbacks are signed with, checked once before the first of them.
import { AgentError } from '@turnstream/core';
import { Webhook } from 'standardwebhooks';

const PREFIX = 'whsec_';
/** Standard Webhooks 1.0.0, "Signature scheme". */
const MIN_BYTES = 24;
const MAX_BYTES = 64;

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
