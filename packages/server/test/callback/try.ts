// One try to tell a receiver on this machine that a run has ended, with a secret and a time that are known.

import { type NotifiedRun, type SendOptions, sendCallback } from '../../src/callback/send.ts';
import { callbackSigner } from '../../src/callback/signer.ts';
import type { Receiver } from './receiver.ts';

export const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
export const sentAt = 1_763_000_000_000;
export const development: SendOptions = { allowLoopback: true };
export const { signal } = new AbortController();

export function runNotifying(callbackUrl: string, state: NotifiedRun['state'] = 'completed'): NotifiedRun {
  return { runId: 'run_1', sessionId: 'session_1', state, atMs: sentAt - 2_500, callbackUrl };
}

export function send(receiver: Receiver): ReturnType<typeof sendCallback> {
  return sendCallback(runNotifying(receiver.url), callbackSigner(secret), signal, development);
}
