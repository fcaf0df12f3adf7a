// Reads the headers of an answer: the id of the request, and what is left of the service's rate limits.
import type { RateLimit, ResponseMetadata } from '../message/metadata.ts';
import { capped, type Redact } from './redaction.ts';

/** What is known of one model call besides its body; it appears in errors and in answers. */
export interface CallContext {
  readonly redact: Redact;
  /** The service's id of the request, once the headers are in. */
  requestId: string | null;
  /** The rate limits in the headers; absent when there are none. */
  rateLimits?: Readonly<Record<string, RateLimit>> | undefined;
  /** What to do when the endpoint does not exist, for an API that not every server has. */
  readonly ifMissing?: string;
}

/** In order: OpenAI and most others, the gateway in front of Azure, Anthropic, Mistral. */
const REQUEST_IDS = ['x-request-id', 'apim-request-id', 'request-id', 'mistral-correlation-id'];
const MAX_ID_CHARS = 80;

/** `x-ratelimit-remaining-tokens` (OpenAI, Azure, Groq, Mistral), `x-ratelimit-remaining` (OpenRouter), `ratelimit-remaining`. */
const LIMIT_FIRST = /^(?:x-)?ratelimit-(limit|remaining|reset)(?:-(.+))?$/;
/** `anthropic-ratelimit-tokens-remaining`. */
const LIMIT_LAST = /^anthropic-ratelimit-(.+)-(limit|remaining|reset)$/;
/** A header that does not say what it counts is taken to count requests. */
const UNNAMED = 'requests';

const DURATION = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/;
const NUMBER = /^\d{1,15}(?:\.\d+)?(?![\w.])/;
const DATE = /^\d{4}-\d\d-\d\dT/;
const SECOND = 1_000;
const UNITS_MS = [86_400 * SECOND, 3_600 * SECOND, 60 * SECOND, SECOND, 1];
/** A number this large is not a duration but a time since 1970, in seconds or in milliseconds. */
const [EPOCH_SECONDS, EPOCH_MS] = [1e9, 1e12];

/** Stores what the headers say in `context`. One pass: looking each name up would cost as much for every name. */
export function takeHeaders(context: CallContext, headers: Headers): void {
  let rank = REQUEST_IDS.length;
  let limits: Record<string, RateLimit> | undefined;
  context.requestId = null;
  headers.forEach((value, name) => {
    if (name.includes('ratelimit-')) limits = withLimit(limits, name, value.trim());
    const nameRank = REQUEST_IDS.indexOf(name);
    if (nameRank === -1 || nameRank >= rank) return;
    rank = nameRank;
    context.requestId = capped(context.redact(value), MAX_ID_CHARS);
  });
  context.rateLimits = limits;
}

/** The same as members of a response's metadata or of an error; unknown ones are absent. */
export function headerMembers(context: CallContext): Pick<ResponseMetadata, 'requestId' | 'rateLimits'> {
  const { requestId, rateLimits } = context;
  return { ...(requestId === null ? {} : { requestId }), ...(rateLimits === undefined ? {} : { rateLimits }) };
}

/** The metadata of an answer plus what its headers say; null when there is neither. */
export function withHeaders(metadata: ResponseMetadata | null, context: CallContext): ResponseMetadata | null {
  if (context.requestId === null && context.rateLimits === undefined) return metadata;
  return { ...metadata, ...headerMembers(context) };
}

function withLimit(
  limits: Record<string, RateLimit> | undefined,
  name: string,
  value: string,
): Record<string, RateLimit> | undefined {
  const [, member, kind = UNNAMED] = LIMIT_FIRST.exec(name) ?? swapped(LIMIT_LAST.exec(name)) ?? [];
  const read = member === undefined ? null : readMember(member, value);
  return read === null ? limits : { ...limits, [kind]: { ...limits?.[kind], ...read } };
}

function swapped(match: RegExpExecArray | null): readonly (string | undefined)[] | null {
  return match === null ? null : [match[0], match[2], match[1]];
}

function readMember(member: string, value: string): RateLimit | null {
  if (member === 'reset') {
    const resetMs = untilReset(value);
    return resetMs !== null && Number.isSafeInteger(resetMs) ? { resetMs } : null;
  }
  const count = NUMBER.exec(value)?.[0];
  return count === undefined ? null : { [member]: Number(count) };
}

/** Milliseconds from now, read from `6m0s`, `20ms`, seconds, a time since 1970 or a date; null for anything else. */
function untilReset(value: string): number | null {
  const number = NUMBER.exec(value)?.[0] === value ? Number(value) : null;
  if (number !== null) {
    if (number < EPOCH_SECONDS) return Math.round(number * SECOND);
    return fromNow(number < EPOCH_MS ? number * SECOND : number);
  }
  const parts = value === '' ? null : DURATION.exec(value);
  if (parts === null) return DATE.test(value) ? fromNow(Date.parse(value)) : null;
  return Math.round(UNITS_MS.reduce((sum, unit, index) => sum + unit * Number(parts[index + 1] ?? 0), 0));
}

function fromNow(moment: number): number | null {
  return Number.isNaN(moment) ? null : Math.max(0, Math.round(moment - Date.now()));
}
