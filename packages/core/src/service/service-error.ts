// An error that the service reports, in a status or inside an answer, becomes an AgentError with a code and advice.
import { AgentError, type AgentErrorCode } from '../errors.ts';
import { type CallContext, headerMembers } from './answer-headers.ts';
import { capped } from './redaction.ts';
import { asList, asObject, asText, type JsonObject } from './untrusted.ts';

/** What the service said, in its own words. */
export interface ServiceReport {
  readonly status?: number | undefined;
  readonly code: string | null;
  readonly type: string | null;
  readonly message: string | null;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

const MAX_MESSAGE_CHARS = 400;
const MAX_CODE_CHARS = 80;

/** The service's codes and types that say more than `response_failed`. */
const CODES: ReadonlyMap<string, AgentErrorCode> = new Map([
  ['context_length_exceeded', 'context_length'],
  ['exceed_context_size_error', 'context_length'],
  ['model_context_window_exceeded', 'context_length'],
  ['tokens_limit_reached', 'context_length'],
  ['content_filter', 'content_filter'],
  ['content_policy_violation', 'content_filter'],
  ['ResponsibleAIPolicyViolation', 'content_filter'],
  ['rate_limit_exceeded', 'rate_limited'],
  ['rate_limit_error', 'rate_limited'],
  ['insufficient_quota', 'rate_limited'],
  ['invalid_api_key', 'auth'],
  ['authentication_error', 'auth'],
  ['model_not_found', 'not_found'],
  ['DeploymentNotFound', 'not_found'],
  ['invalid_prompt', 'bad_request'],
  ['invalid_request_error', 'bad_request'],
  ['server_error', 'server_error'],
  ['internal_server_error', 'server_error'],
  ['overloaded_error', 'server_error'],
]);

/**
 * Servers without a code for it say in words that the messages are too long: vLLM, DeepSeek, OpenRouter, Mistral ("maximum
 * context length"), llama.cpp ("available context size"), Ollama, LM Studio ("exceeds the context length"), Gemini
 * ("exceeds the maximum number of tokens"), Anthropic behind a gateway ("prompt is too long", "exceed context limit"),
 * Bedrock ("Input is too long"), xAI ("maximum prompt length"), Kimi ("exceeded model token limit"), Qwen ("Range of input
 * length").
 */
const TOO_LONG =
  /context (?:size|length|window|limit)|(?:maximum number of|too many)(?: input)? tokens|(?:prompt|input) is too long|maximum prompt length|model token limit|range of input length/i;

const ADVICE: Partial<Record<AgentErrorCode, string>> = {
  auth: 'Check the API key.',
  forbidden: 'Check what the key may use.',
  not_found: 'Check the model or deployment name and the base URL.',
  bad_request: 'Check the model, the parameters and the messages.',
  context_length: 'Send fewer or shorter messages.',
  content_filter: 'The content filter stopped it. Change the messages.',
  rate_limited: 'Ask again later, or raise the quota.',
  server_error: 'Ask again later.',
  connection_failed: 'Check the base URL and the network.',
  response_failed: 'Ask again.',
};

/** The error in a frame or JSON body, in any of the shapes services write it; null when there is none. */
export function reportedError(event: string | undefined, body: JsonObject | null): ServiceReport | null {
  if (body === null) return event === 'error' ? reportOf({}) : null;
  // A response that failed holds its error too, and says by its status that it failed.
  if (body['object'] === 'response') return null;
  const nested = asObject(body['error']);
  if (nested !== null) return reportOf(nested);
  const message = asText(body['error']);
  if (message !== null) return reportOf({ message });
  return event === 'error' || body['type'] === 'error' || body['object'] === 'error' ? reportOf(body) : null;
}

/** Reads an error object; some services put an HTTP status where OpenAI has a code, and Google its word under `status`. */
export function reportOf(error: JsonObject, status?: number): ServiceReport {
  const code = error['code'];
  const isStatus = typeof code === 'number' && code >= 400 && code < 600;
  return {
    status: status ?? (isStatus ? code : undefined),
    code: typeof code === 'number' && !isStatus ? String(code) : (asText(code) ?? asText(error['error_code'])),
    type: error['type'] === 'error' ? null : (asText(error['type']) ?? asText(error['status'])),
    message: asText(error['message']) ?? detailOf(error['detail']),
  };
}

/** FastAPI's servers say why in `detail`: a sentence, or a list of what is wrong where. */
function detailOf(detail: unknown): string | null {
  const problems = (asList(detail) ?? []).map((problem) => {
    const where = (asList(asObject(problem)?.['loc']) ?? []).join('.');
    return [where, asText(asObject(problem)?.['msg'])].filter((part) => part !== '' && part !== null).join(': ');
  });
  return asText(detail) ?? asText(problems.filter((problem) => problem !== '').join('; '));
}

/** Says what happened, with the service's own words as far as they fit. The API key is nowhere in it. */
export function serviceError(
  report: ServiceReport,
  context: CallContext,
  code: AgentErrorCode = codeOf(report),
): AgentError {
  const serviceCode = report.code ?? report.type;
  const known = serviceCode === null ? undefined : capped(context.redact(serviceCode), MAX_CODE_CHARS);
  return new AgentError(code, messageOf(code, report, known, context), {
    ...(report.cause === undefined ? {} : { cause: report.cause }),
    status: report.status,
    serviceCode: known,
    retryAfterMs: report.retryAfterMs,
    ...headerMembers(context),
  });
}

function codeOf(report: ServiceReport): AgentErrorCode {
  const { status, code, type } = report;
  if (isMissing(report)) return 'not_found';
  const named = isTooLong(report) ? 'context_length' : (CODES.get(code ?? '') ?? CODES.get(type ?? ''));
  if (status === undefined) return named ?? 'response_failed';
  if (status === 401) return 'auth';
  if (status === 403) return 'forbidden';
  if (status === 429) return 'rate_limited';
  if (status === 408 || status >= 500) return 'server_error';
  return named === 'context_length' || named === 'content_filter' ? named : 'bad_request';
}

/** LM Studio answers with status 200. */
function isMissing({ status, message }: ServiceReport): boolean {
  return status === 404 || status === 405 || (status === undefined && /^unexpected endpoint/i.test(message ?? ''));
}

/** A server that has the endpoint but lacks what the request names says what is missing. */
function lacksSomethingElse({ code, message }: ServiceReport): boolean {
  return /\b(?:model|deployment|response|conversation)\b/i.test(`${code ?? ''} ${message ?? ''}`.replaceAll('_', ' '));
}

/** A 429 or a 5xx is about something else, whatever its words. */
function isTooLong({ status, message }: ServiceReport): boolean {
  const mayBe = status === undefined || status === 400 || status === 413 || status === 422;
  return mayBe && message !== null && TOO_LONG.test(message);
}

function messageOf(
  code: AgentErrorCode,
  report: ServiceReport,
  serviceCode: string | undefined,
  { requestId, redact, ifMissing }: CallContext,
): string {
  const { status, message, retryAfterMs } = report;
  const advice = ifMissing !== undefined && isMissing(report) && !lacksSomethingElse(report) ? ifMissing : ADVICE[code];
  const what = status === undefined ? 'The service reported a failure' : `The service answered ${status}`;
  const named = serviceCode === undefined ? '' : ` (${serviceCode})`;
  const request = requestId === null ? '' : `, request ${requestId}`;
  const wait = retryAfterMs === undefined ? '' : ` It asks to wait ${retryAfterMs} ms.`;
  const start = `${what}${named}${request}`;
  const end = `${wait} ${advice ?? ''}`.trimEnd();
  if (message === null) return `${start}.${end}`;
  const room = MAX_MESSAGE_CHARS - start.length - end.length - 3;
  return `${start}: ${capped(redact(message).trim(), room).replace(/\.$/, '')}.${end}`;
}
