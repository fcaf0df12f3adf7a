// One try to tell the end of a run, or that it waits for approval, to the URL its caller gave, on a connection that cannot lead into our own network.
import type { LookupAddress } from 'node:dns';
import dns from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
import { AgentError } from '@turnstream/core';
import { parseRetryAfter } from '@turnstream/core/seams';
import type { Webhook } from 'standardwebhooks';
import { Client } from 'undici';
import type { RunRecord } from '../store/run-record.ts';
import { isPublicAddress } from './public-address.ts';
import type { CallbackOutcome } from './schedule.ts';
import { type CallbackUrlOptions, checkCallbackUrl } from './url.ts';

/** Resolves a name to all of its addresses. */
export type Lookup = (hostname: string) => Promise<readonly LookupAddress[]>;

export interface SendOptions extends CallbackUrlOptions {
  /** The system's resolver by default. */
  readonly lookup?: Lookup | undefined;
}

/** The fields sent to the receiver for a run that has ended or waits for approval. */
export interface NotifiedRun extends Pick<RunRecord, 'runId' | 'sessionId' | 'state'> {
  readonly callbackUrl: string;
  /** When that was, in milliseconds since 1970. */
  readonly atMs: number;
}

/** All of one try. Standard Webhooks recommends 15 to 30 seconds. */
const TIMEOUT_MS = 15_000;
/** Most that is read of an answer, which counts for nothing but its status. */
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Posts `{ type: 'run.<state>', timestamp, data: { runId, sessionId, state } }`, signed as Standard Webhooks says. It
 * carries no text of the conversation: the receiver fetches the run with its own token. Every try has the same
 * `webhook-id`, by which the receiver recognizes a repeat.
 *
 * Every address that the name resolves to has to be public, and the connection goes to one of these: nothing is resolved
 * a second time. No redirect is followed, no proxy used. Rejects only with the signal's reason.
 */
export async function sendCallback(
  run: NotifiedRun,
  signer: Webhook,
  signal: AbortSignal,
  { lookup = (hostname) => dns.lookup(hostname, { all: true }), ...allowed }: SendOptions = {},
): Promise<CallbackOutcome> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), TIMEOUT_MS);
  let client: Client | undefined;
  try {
    const url = checkCallbackUrl(run.callbackUrl, allowed);
    client = clientFor(url, lookup);
    const { statusCode, headers, body } = await client.request({
      method: 'POST',
      path: `${url.pathname}${url.search}`,
      ...signed(run, signer),
      signal: AbortSignal.any([signal, late.signal]),
    });
    await body.dump();
    const asked = headers['retry-after'];
    return { status: statusCode, retryAfterMs: parseRetryAfter(typeof asked === 'string' ? asked : null) };
  } catch (error) {
    signal.throwIfAborted();
    if (late.signal.aborted) return { status: 'timeout', retryAfterMs: null };
    return { status: error instanceof AgentError ? 'refused' : 'unreachable', retryAfterMs: null };
  } finally {
    clearTimeout(timer);
    await client?.destroy();
  }
}

function clientFor(url: URL, lookup: Lookup): Client {
  return new Client(url.origin, {
    connect: { lookup: publicOnly(lookup) },
    // Node then asks the lookup for all addresses at once.
    autoSelectFamily: true,
    allowH2: false,
    maxResponseSize: MAX_ANSWER_BYTES,
  });
}

/** Only names come here. Node connects to a literal address without a lookup: the check of the URL is there for that. */
function publicOnly(lookup: Lookup): LookupFunction {
  const resolve = callbackify(async (hostname: string): Promise<LookupAddress[]> => {
    const addresses = await lookup(hostname);
    if (addresses.length > 0 && addresses.every(({ address }) => isPublicAddress(address))) return [...addresses];
    throw new AgentError(
      'input_invalid',
      `The host ${hostname} of a callback has no address, or one that is not public.`,
    );
  });
  return (hostname, _options, done) => resolve(hostname, done);
}

function signed(
  run: NotifiedRun,
  signer: Webhook,
): { readonly headers: Record<string, string>; readonly body: string } {
  const { runId, sessionId, state } = run;
  const timestamp = new Date(run.atMs).toISOString();
  const body = JSON.stringify({ type: `run.${state}`, timestamp, data: { runId, sessionId, state } });
  // A run may ask several times, and ends once.
  const id = state === 'awaiting_approval' ? `msg_${runId}_${run.atMs}` : `msg_${runId}`;
  const now = new Date();
  return {
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': signer.sign(id, now, body),
    },
    body,
  };
}
