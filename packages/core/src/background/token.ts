// What a background run is resumed from: small, versioned JSON, safe to store and checked when it comes back.

import * as json from '../checked/json.ts';
import { copyJson } from '../checked/json-value.ts';
import { storedTurn } from '../checked/stored-message.ts';
import { usageMembers } from '../checked/usage.ts';
import { AgentError } from '../errors.ts';
import type { Message } from '../message/message.ts';
import type { AgentResponse } from '../message/response.ts';
import type { Usage } from '../message/usage.ts';
import type { RunPlan } from '../run/plan.ts';

/**
 * The stored form of a background run. Store it and pass it back unchanged. Only `responseId` is meant for others to
 * read; the state of the run is in `BackgroundRun`. It holds the question and finished tool rounds, never a growing
 * copy of the answer. Tokens with the same `responseId` differ only in `sequenceNumber`, so a store need not rewrite
 * the rest.
 */
export interface BackgroundToken {
  readonly type: 'background_run';
  readonly version: 1;
  /** Marks the stored turn, so that it is stored once however often the run is resumed. */
  readonly runId: string;
  /** The service's id of the response under way. */
  readonly responseId: string;
  /** Everything up to here was delivered; null when nothing was. */
  readonly sequenceNumber: number | null;
  readonly question: readonly Message[];
  /** Tool calls and results of earlier responses of this run. */
  readonly rounds: readonly Message[];
  /** Tokens of those earlier responses; null when unknown. */
  readonly usage: Usage | null;
  /** Whether the service was asked to keep the run's events. */
  readonly stream: boolean;
  /** The session the run belongs to, or null. */
  readonly sessionId: string | null;
  /** The service's conversation that the run continued, or null. */
  readonly serviceSessionId: string | null;
  /** How far the version of the history was ahead of its number of turns when the run began. Defaults to 0. */
  readonly ahead?: number | undefined;
}

const token: json.Reader<BackgroundToken> = json.exactly<BackgroundToken>({
  type: json.oneOf('background_run'),
  version: json.oneOf(1),
  runId: json.id,
  responseId: json.id,
  sequenceNumber: json.nullable(json.count),
  question: storedTurn,
  rounds: storedTurn,
  usage: json.nullable(json.exactly(usageMembers)),
  stream: json.boolean,
  sessionId: json.nullable(json.id),
  serviceSessionId: json.nullable(json.id),
  ahead: json.optional(json.count),
});

interface RunSoFar {
  readonly question: readonly Message[];
  readonly written: AgentResponse;
  readonly ahead: number;
}

/** The token of a run that has gone on to this response, after the one of its earlier token. */
export function tokenAt(
  responseId: string,
  earlier: BackgroundToken | null,
  { session, stream }: Pick<RunPlan<unknown>, 'session' | 'stream'>,
  { question, written, ahead }: RunSoFar,
): BackgroundToken {
  return {
    type: 'background_run',
    version: 1,
    runId: earlier?.runId ?? responseId,
    responseId,
    sequenceNumber: null,
    question: earlier?.question ?? question,
    rounds: written.messages,
    usage: written.usage,
    stream,
    sessionId: session?.sessionId ?? null,
    serviceSessionId: earlier?.serviceSessionId ?? session?.serviceSessionId ?? null,
    ...(ahead === 0 ? {} : { ahead }),
  };
}

/** The token that `toJSON()` wrote. Throws `token_invalid` for anything that is not exactly one. */
export function parseToken(stored: unknown): BackgroundToken {
  return json.read(copyJson(stored, 'token', invalid), token, invalid);
}

function invalid(problem: string): AgentError {
  return new AgentError('token_invalid', `Not a background token: ${problem}. Pass what run.toJSON() returned.`);
}
