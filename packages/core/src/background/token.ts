// What a background run is resumed from: small, versioned JSON, safe to store and checked when it comes back.

import { copyJson, isPlainObject, kindOf } from '../checked/json-value.ts';
import { checkTurn } from '../checked/stored-message.ts';
import { AgentError } from '../errors.ts';
import type { Message } from '../message/message.ts';
import type { Usage } from '../message/usage.ts';

const VERSION = 1;

/** The stored form of a background run. It holds the question and finished tool rounds, never a growing copy of the answer. */
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
  /** The service's conversation the run went on from, or null. */
  readonly serviceSessionId: string | null;
}

/** The token that `toJSON()` wrote. Throws `token_invalid` for anything that is not exactly one. */
export function parseToken(json: unknown): BackgroundToken {
  const token = copyJson(json, 'token', invalid);
  if (!isPlainObject(token)) throw invalid(`a token is an object, not ${kindOf(token)}`);
  const { type, version, runId, responseId, sequenceNumber, question, rounds, usage } = token;
  const { stream, sessionId, serviceSessionId } = token;
  if (type !== 'background_run') throw invalid('"type" is not "background_run"');
  if (version !== VERSION)
    throw invalid(`version ${JSON.stringify(version)} is not one this library reads (${VERSION})`);
  if (sequenceNumber !== null && !Number.isSafeInteger(sequenceNumber)) throw invalid('"sequenceNumber" is no number');
  return {
    type,
    version,
    runId: text(runId, 'runId'),
    responseId: text(responseId, 'responseId'),
    sequenceNumber: sequenceNumber as number | null,
    question: messages(question, 'question'),
    rounds: messages(rounds, 'rounds'),
    usage: usage === null ? null : counts(usage),
    stream: flag(stream, 'stream'),
    sessionId: sessionId === null ? null : text(sessionId, 'sessionId'),
    serviceSessionId: serviceSessionId === null ? null : text(serviceSessionId, 'serviceSessionId'),
  };
}

function messages(value: unknown, name: string): readonly Message[] {
  return checkTurn(value, `"${name}"`, (where, problem) => invalid(`${where} ${problem}`));
}

function counts(usage: unknown): Usage {
  if (!isPlainObject(usage)) throw invalid(`"usage" is ${kindOf(usage)}, not an object or null`);
  for (const name of ['inputTokens', 'outputTokens', 'totalTokens'])
    if (typeof usage[name] !== 'number') throw invalid(`"usage.${name}" is no number`);
  return usage as unknown as Usage;
}

function flag(value: unknown, name: string): boolean {
  if (typeof value === 'boolean') return value;
  throw invalid(`"${name}" is ${kindOf(value)}, not true or false`);
}

function text(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw invalid(`"${name}" is ${kindOf(value)}, not a string of at least one character`);
}

function invalid(problem: string): AgentError {
  return new AgentError('token_invalid', `Not a background token: ${problem}. Hand in what run.toJSON() gave.`);
}
